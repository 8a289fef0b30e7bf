import { queues } from '@switchboard/contracts'
import type { FailedJobs } from '@switchboard/queue'
import type { Idempotency } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { once } from '../idempotent.ts'
import { Problem } from '../problem.ts'
import { callerOf } from '../require-token.ts'

export interface FailedJobRouteDeps {
  failed: FailedJobs
  idempotency: Pick<Idempotency, 'claim' | 'settle'>
}

/** How long an answer waits for what a retry comes to. */
const OUTCOME_WITHIN_MS = 3_000

const queueName = z.enum(queues.map(({ name }) => name))
const params = z.object({ queue: queueName, id: z.string().max(200) })
const jobView = z.object({
  queue: queueName,
  id: z.string(),
  reason: z.string(),
  attempts: z.number(),
  addedAt: z.iso.datetime(),
  failedAt: z.iso.datetime(),
})

/** The dead letters of all queues: list, retry, discard. What they carry is shown in the console only. */
export function failedJobRoutes(app: FastifyInstance, deps: FailedJobRouteDeps): void {
  listRoute(app, deps)
  retryRoute(app, deps)
  discardRoute(app, deps)
}

function listRoute(app: FastifyInstance, { failed }: FailedJobRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/failed-jobs',
    {
      config: { scope: 'jobs:read' },
      schema: {
        summary: 'Jobs that were tried as often as they may be, newest first',
        tags: ['failed jobs'],
        querystring: z.object({
          queue: queueName.optional(),
          text: z.string().max(200).optional().describe('part of the reason or of the id'),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: z.object({ failed: z.number().describe('how many fit'), jobs: z.array(jobView) }) },
      },
    },
    async ({ query: { queue, text, limit } }) => {
      const found = await failed.find({ queue, text })
      const jobs = found.slice(0, limit).map(({ data: _data, addedAt, failedAt, ...job }) => ({
        ...job,
        addedAt: new Date(addedAt).toISOString(),
        failedAt: new Date(failedAt).toISOString(),
      }))
      return { failed: found.length, jobs }
    },
  )
}

function retryRoute(app: FastifyInstance, { failed, idempotency }: FailedJobRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/failed-jobs/:queue/:id/retry',
    {
      config: { scope: 'jobs:write', does: 'job.retry' },
      schema: {
        summary: 'Give a failed job all its attempts again',
        description: 'Answers what it came to: done, failed again and why, or under way when that takes longer.',
        tags: ['failed jobs'],
        params,
        response: {
          200: z.object({
            queue: queueName,
            id: z.string(),
            outcome: z.enum(['done', 'failed', 'under-way']),
            reason: z.string().nullable(),
          }),
        },
      },
    },
    async (request) => {
      const { queue, id } = request.params
      await once(request, { by: callerOf(request).name, scope: `retry.${queue}.${id}`, id, idempotency }, async () => {
        if ((await failed.retry([{ queue, id }])) === 0) throw unknownJob(queue, id)
      })
      const [outcome] = await failed.outcomes([{ queue, id }], OUTCOME_WITHIN_MS)
      const reason = outcome?.kind === 'failed' ? outcome.reason : null
      return { queue, id, outcome: outcome?.kind ?? 'under-way', reason }
    },
  )
}

function discardRoute(app: FastifyInstance, { failed }: FailedJobRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().delete(
    '/api/failed-jobs/:queue/:id',
    {
      config: { scope: 'jobs:write', does: 'job.discard' },
      schema: {
        summary: 'Discard a failed job for good',
        tags: ['failed jobs'],
        params,
        response: { 200: z.object({ queue: queueName, id: z.string() }) },
      },
    },
    async ({ params: { queue, id } }) => {
      if ((await failed.discard([{ queue, id }])) === 0) throw unknownJob(queue, id)
      return { queue, id }
    },
  )
}

function unknownJob(queue: string, id: string): Problem {
  return new Problem(404, 'Unknown job', `There is no failed job ${id} in ${queue}.`)
}
