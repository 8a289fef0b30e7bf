import type { z } from 'zod'

import type { ServiceName } from './service-name.ts'

export interface RetryPolicy {
  /** How often a job is tried in all. */
  attempts: number
  /** Delay before the second try; doubles after that up to a minute, with jitter. */
  firstDelayMs: number
}

export interface QueueContract<Name extends string, Payload> {
  name: Name
  workedBy: ServiceName
  /** Parsed before Redis and again on receipt: the sender may be an older deploy. */
  schema: z.ZodType<Payload>
  /** Idempotency: a second job with the id of a kept one is not added. */
  jobId: (payload: Payload) => string
  retry: RetryPolicy
  /** 1 is first. Queues without it are first in, first out. */
  priority?: (payload: Payload) => number
  /** How long a completed job is kept, in seconds: the window in which its id is remembered. Default one hour. */
  keepCompletedSeconds?: number
  /**
   * Keeps no more than so many completed jobs, to be looked at. For queues where a record makes sure that running a job
   * again has no second effect: at 1,000 jobs per second an hour of them would fill the memory.
   */
  keepCompletedCount?: number
  /** Keeps no more than so many failed jobs, the newest. Default: all, for two weeks. */
  keepFailedCount?: number
}

/** Declares a queue once, for the producer, the worker, the board and the documentation. */
export function defineQueue<const Name extends string, Payload>(
  contract: QueueContract<Name, Payload>,
): QueueContract<Name, Payload> {
  return contract
}
