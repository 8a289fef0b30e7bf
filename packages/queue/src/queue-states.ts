import { consumers } from '@switchboard/contracts'
import type { QueueName, ServiceName } from '@switchboard/contracts'
import type { Queue } from 'bullmq'

import type { OpenQueues } from './open-queues.ts'

export interface QueueState {
  name: QueueName
  /** Who works it; null: kept for people. */
  service: ServiceName | null
  /** To be taken now. */
  waiting: number
  active: number
  /** To be taken later. */
  delayed: number
  failed: number
  isPaused: boolean
  /** When the job that waits longest was added; undefined when none waits. */
  oldestWaitingAt: number | undefined
  /** In the last full minute, and in each of the last 30, oldest first. */
  perMinute: number
  history: number[]
  failedPerMinute: number
}

const HISTORY_MINUTES = 30

/** How every queue stands. A handful of short commands per queue, sent together. */
export function readQueueStates({ byName }: OpenQueues): Promise<QueueState[]> {
  return Promise.all([...byName].map(([name, queue]) => readState(name, queue)))
}

async function readState(name: QueueName, queue: Queue): Promise<QueueState> {
  const [counts, isPaused, completed, failed, [first], [firstPrioritised]] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'),
    queue.isPaused(),
    queue.getMetrics('completed', 0, HISTORY_MINUTES - 1),
    queue.getMetrics('failed', 0, 0),
    queue.getJobs(['waiting'], 0, 0, true),
    queue.getJobs(['prioritized'], 0, 0, true),
  ])
  const oldest = [first, firstPrioritised].flatMap((job) => (job ? [job.timestamp + (job.opts.delay ?? 0)] : []))
  return {
    name,
    service: consumers[name],
    waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
    active: counts['active'] ?? 0,
    delayed: counts['delayed'] ?? 0,
    failed: counts['failed'] ?? 0,
    isPaused,
    oldestWaitingAt: oldest.length > 0 ? Math.min(...oldest) : undefined,
    perMinute: Number(completed.data[0] ?? 0),
    history: completed.data.map(Number).toReversed(),
    failedPerMinute: Number(failed.data[0] ?? 0),
  }
}
