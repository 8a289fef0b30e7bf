import { callRecord } from '@switchboard/store'
import type { Calls } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { Problem } from '../problem.ts'

export interface CallRouteDeps {
  calls: Pick<Calls, 'get' | 'list'>
  now: () => number
}

/** What became of calls. */
export function callRoutes(app: FastifyInstance, { calls, now }: CallRouteDeps): void {
  const api = app.withTypeProvider<ZodTypeProvider>()

  api.get(
    '/api/calls',
    {
      config: { scope: 'calls:read' },
      schema: {
        summary: 'The newest calls, newest first',
        tags: ['calls'],
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(100).default(20),
          before: z.coerce.number().int().optional().describe('`next` of the page before'),
        }),
        response: { 200: z.object({ calls: z.array(callRecord), next: z.number().nullable() }) },
      },
    },
    async (request) => {
      const { limit, before } = request.query
      const found = await calls.list(before ?? now() + CLOCK_SKEW_MS, limit)
      return { calls: found, next: found.length === limit ? (found.at(-1)?.startedAt ?? null) : null }
    },
  )

  api.get(
    '/api/calls/:uuid',
    {
      config: { scope: 'calls:read' },
      schema: {
        summary: 'One call: its legs and everything that was reported about it',
        tags: ['calls'],
        params: z.object({ uuid: z.string().min(1).max(100).describe('of the leg of the caller') }),
        response: { 200: callRecord },
      },
    },
    async (request) => {
      const call = await calls.get(request.params.uuid)
      if (call) return call
      throw new Problem(404, 'Unknown call', `There is no call ${request.params.uuid}.`)
    },
  )
}

/** Calls are listed by Vonage's clock, which may be ahead of ours. */
const CLOCK_SKEW_MS = 60_000
