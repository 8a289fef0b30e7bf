import type { QueueContract } from '@switchboard/contracts'
import type { JobsOptions } from 'bullmq'

import { CONTRACT_BACKOFF } from './backoff.ts'
import type { RedisConnection } from './connection.ts'
import { openQueue } from './open-queue.ts'
import { telemetryOption } from './telemetry.ts'

export interface EnqueueOptions {
  delayMs?: number
}

export interface Producer<Payload> extends AsyncDisposable {
  /** Resolves once Redis has the job. A job whose id is still known is not added again. Throws on an invalid payload. */
  enqueue(payload: Payload, options?: EnqueueOptions): Promise<void>
  /** The same for many at once, in one round trip. */
  enqueueMany(payloads: Payload[]): Promise<void>
  /** Whether a job with this id is waiting, delayed or active. */
  isPending(jobId: string): Promise<boolean>
  /** Whether jobs wait that go before those of a priority. */
  hasWaiting(before: number): Promise<boolean>
  /** Removes a job that is not running; harmless when there is none. */
  remove(jobId: string): Promise<void>
}

/** Adds jobs to one queue. The payload is parsed before it reaches Redis. */
export function createProducer<Payload>(
  contract: QueueContract<string, Payload>,
  redis: RedisConnection,
): Producer<Payload> {
  const queue = openQueue(contract.name, redis, {
    ...telemetryOption(),
    skipMetasUpdate: false,
    defaultJobOptions: jobOptions(contract.retry),
  })

  const toJob = (payload: Payload, { delayMs = 0 }: EnqueueOptions = {}) => {
    const data = contract.schema.parse(payload)
    const opts: JobsOptions = { jobId: contract.jobId(data), delay: Math.max(0, Math.round(delayMs)) }
    if (contract.priority) opts.priority = contract.priority(data)
    return { name: contract.name, data, opts }
  }

  return {
    async enqueue(payload, options) {
      const { name, data, opts } = toJob(payload, options)
      await queue.add(name, data, opts)
    },
    async enqueueMany(payloads) {
      if (payloads.length > 0) await queue.addBulk(payloads.map((payload) => toJob(payload)))
    },
    async isPending(jobId) {
      const state = await queue.getJobState(jobId)
      return state !== 'completed' && state !== 'failed' && state !== 'unknown'
    },
    async hasWaiting(before) {
      return (await redis.zcount(queue.toKey('prioritized'), 0, `(${before * SCORE_PER_PRIORITY}`)) > 0
    },
    async remove(jobId) {
      await queue.remove(jobId)
    },
    async [Symbol.asyncDispose]() {
      await queue.close()
    },
  }
}

/** BullMQ keeps the priority in the upper bits of the score, the order of arrival in the lower ones. */
const SCORE_PER_PRIORITY = 2 ** 32

/** Only what a job must carry itself: how long it is kept and how it backs off are the worker's to know. */
function jobOptions({ attempts }: QueueContract<string, never>['retry']): JobsOptions {
  return { attempts, backoff: CONTRACT_BACKOFF }
}
