import { Readable } from 'node:stream'

import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { csvOf, linesOf } from './audit-export.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const PAGE_SIZE = 100
const DAY_MS = 86_400_000

const text = z.string().trim().max(100).default('').catch('')
const day = z
  .union([z.iso.date(), z.literal('')])
  .default('')
  .catch('')
const query = z.object({
  before: z.coerce.number().int().min(1).optional().catch(undefined),
  who: text,
  action: text,
  since: day,
  until: day,
})

export function auditRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { pages, audit } = deps
  app.get('/audit', async (request, reply) => {
    const { before, ...filter } = readInput(query, request.query)
    const { who, action, since, until } = filter
    const { entries, next } = await audit.page(
      { before, limit: PAGE_SIZE },
      {
        who: who || undefined,
        action: action || undefined,
        since: since ? Date.parse(since) : undefined,
        until: until ? Date.parse(until) + DAY_MS : undefined,
      },
    )
    const given = Object.entries(filter).filter(([, value]) => value !== '')
    const view = { title: 'Audit trail', section: 'audit' as const, entries, next, before, filter }
    return pages.show(request, reply, 'audit', { ...view, query: new URLSearchParams(given).toString() })
  })

  app.get('/audit/export', async (request, reply) => {
    const { format } = readInput(z.object({ format: z.enum(['csv', 'jsonl']).default('jsonl') }), request.query)
    await trace(request, deps, { action: 'audit.export', target: format })
    return reply
      .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
      .header('content-disposition', `attachment; filename="audit.${format}"`)
      .send(Readable.from(format === 'csv' ? csvOf(audit) : linesOf(audit)))
  })
}
