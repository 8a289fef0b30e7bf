import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import type { RouteDeps } from './route-deps.ts'

const PAGE_SIZE = 100

export function auditRoutes(app: FastifyInstance, { pages, audit }: RouteDeps): void {
  app.get('/audit', async (request, reply) => {
    const query = z.object({
      before: z
        .string()
        .regex(/^\d+-\d+$/)
        .optional()
        .catch(undefined),
    })
    const { before } = readInput(query, request.query)
    const { entries, next } = await audit.page(before, PAGE_SIZE)
    return pages.show(request, reply, 'audit', { title: 'Audit trail', section: 'audit', entries, next, before })
  })
}
