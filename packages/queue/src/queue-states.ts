import { queues } from '@switchboard/contracts'
import type { QueueName, ServiceName } from '@switchboard/contracts'
import type { Queue } from 'bullmq'

import type { OpenQueues } from './open-queues.ts'

export interface QueueState {
  name: QueueName
  /** Who works it. */
  service: ServiceName
  /** To be taken now. */
  waiting: number
  active: number
  /** To be taken later. */
  delayed: number
  failed: number
  isPaused: boolean
  /** By the state in BullMQ's own words: `waiting` and `prioritized` are two. */
  counts: Record<string, number>
  /** Since the queue exists. */
  completedEver: number
  failedEver: number
  /** When the job that waits longest was added; undefined when none waits. */
  oldestWaitingAt: number | undefined
  /** In the last full minute. */
  perMinute: number
  failedPerMinute: number
}

/** How every queue stands. A handful of short commands per queue, sent together. */
export async function readQueueStates({ byName }: OpenQueues, now: number): Promise<QueueState[]> {
  const states = queues.map(async (contract) => {
    const queue = byName.get(contract.name)
    return queue ? [await readState(contract, queue, now)] : []
  })
  return (await Promise.all(states)).flat()
}

async function readState({ name, workedBy }: (typeof queues)[number], queue: Queue, now: number): Promise<QueueState> {
  const [counts, isPaused, completed, failed, [first], [firstPrioritised]] = await Promise.all([
    queue.getJobCounts(),
    queue.isPaused(),
    queue.getMetrics('completed', 0, 0),
    queue.getMetrics('failed', 0, 0),
    queue.getJobs(['waiting'], 0, 0, true),
    queue.getJobs(['prioritized'], 0, 0, true),
  ])
  const oldest = [first, firstPrioritised].flatMap((job) => (job ? [job.timestamp + (job.opts.delay ?? 0)] : []))
  return {
    name,
    service: workedBy,
    waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
    active: counts['active'] ?? 0,
    delayed: counts['delayed'] ?? 0,
    failed: counts['failed'] ?? 0,
    isPaused,
    counts,
    completedEver: completed.meta.count,
    failedEver: failed.meta.count,
    oldestWaitingAt: oldest.length > 0 ? Math.min(...oldest) : undefined,
    perMinute: lastMinute(completed, now),
    failedPerMinute: lastMinute(failed, now),
  }
}

const MINUTE_MS = 60_000

/** BullMQ closes a minute when the next job ends: of a minute in which nothing ended it says nothing. */
export function lastMinute({ meta, data }: { meta: { prevTS: number }; data: number[] }, now: number): number {
  const isOver = Math.floor((now - meta.prevTS) / MINUTE_MS) > 1
  return meta.prevTS === 0 || isOver ? 0 : (data[0] ?? 0)
}
