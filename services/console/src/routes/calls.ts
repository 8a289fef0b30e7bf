import type { CallRecord } from '@switchboard/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import type { PageData } from '../render.ts'
import type { RouteDeps } from './route-deps.ts'

const PAGE_SIZE = 50
/** Calls are listed by Vonage's clock, which may be ahead of ours. */
const CLOCK_SKEW_MS = 60_000

export function callRoutes(app: FastifyInstance, { live, stores: { calls }, now }: RouteDeps): void {
  live(app, {
    path: '/calls',
    template: 'calls',
    async load(request): Promise<PageData> {
      const { before } = readInput(
        z.object({ before: z.coerce.number().int().optional().catch(undefined) }),
        request.query,
      )
      const found = await calls.list(before ?? now() + CLOCK_SKEW_MS, PAGE_SIZE)
      const next = found.length === PAGE_SIZE ? found.at(-1)?.startedAt : undefined
      return { title: 'Calls', section: 'calls', calls: found, before, next }
    },
  })
  live(app, {
    path: '/calls/:uuid',
    template: 'call',
    async load(request: FastifyRequest): Promise<PageData> {
      const { uuid } = readInput(z.object({ uuid: z.string().max(100) }), request.params)
      const call = await calls.get(uuid)
      if (!call) throw notFound(`call ${uuid}`)
      return { title: titleOf(call), section: 'calls', call }
    },
  })
}

/** Who is at the other end: calls of alerts are ours. */
function titleOf({ uuid, legs, from, to }: CallRecord): string {
  return legs[uuid]?.direction === 'outbound' ? `Call to ${to ?? 'unknown'}` : `Call from ${from ?? 'unknown'}`
}
