import type { QueueContract, QueueName } from '@switchboard/contracts'
import type { Queue } from 'bullmq'

import type { OpenQueues } from './open-queues.ts'

/** As people tell them apart: `waiting` has those with a priority as well. */
export const jobStates = ['waiting', 'active', 'delayed', 'failed', 'completed'] as const
const everyState = [...jobStates, 'prioritized'] as const
export type JobState = (typeof jobStates)[number]

export interface QueuedJob {
  id: string
  attempts: number
  addedAt: number
  /** When it may be taken, of one that waits for its time. */
  dueAt: number | undefined
  endedAt: number | undefined
  /** Of one that has failed, the last time. */
  reason: string | undefined
}

export interface Jobs {
  /** What is next comes first; of what has ended, the newest. */
  list(queue: QueueName, state: JobState, limit: number): Promise<QueuedJob[]>
  /** The payloads of the newest jobs, whatever has become of them, newest first. */
  newest<Payload>(queue: QueueContract<QueueName, Payload>, limit: number): Promise<Payload[]>
  /** Whether a job is still there to be looked at. */
  has(queue: QueueName, id: string): Promise<boolean>
}

/** The jobs of all queues, to look at. */
export function createJobs({ byName }: Pick<OpenQueues, 'byName'>): Jobs {
  return {
    async list(name, state, limit) {
      const queue = byName.get(name)
      if (!queue) return []
      const isOver = state === 'failed' || state === 'completed'
      // In the order in which they are taken: what has no priority goes first.
      const kinds = state === 'waiting' ? (['waiting', 'prioritized'] as const) : [state]
      const found = await Promise.all(kinds.map((kind) => queue.getJobs([kind], 0, limit - 1, !isOver)))
      return found.flat().slice(0, limit).map(view)
    },
    async newest({ name, schema }, limit) {
      const found = await byName.get(name)?.getJobs([...everyState], 0, limit - 1)
      const jobs = (found ?? []).toSorted((a, b) => b.timestamp - a.timestamp).slice(0, limit)
      return jobs.flatMap(({ data }) => schema.safeParse(data).data ?? [])
    },
    has: async (name, id) => (await byName.get(name)?.getJob(id)) !== undefined,
  }
}

type Job = Awaited<ReturnType<Queue['getJobs']>>[number]

function view(job: Job): QueuedJob {
  const delay = job.opts.delay ?? 0
  return {
    id: job.id ?? '',
    attempts: job.attemptsMade,
    addedAt: job.timestamp,
    dueAt: job.finishedOn === undefined && delay > 0 ? job.timestamp + delay : undefined,
    endedAt: job.finishedOn,
    reason: job.failedReason || undefined,
  }
}
