import { setTimeout as sleep } from 'node:timers/promises'

import type { QueueName } from '@switchboard/contracts'
import type { Queue } from 'bullmq'

import type { OpenQueues } from './open-queues.ts'

export interface FailedJob {
  queue: QueueName
  id: string
  reason: string
  attempts: number
  addedAt: number
  failedAt: number
  data: unknown
}

/** What to look for: everything that is given must fit. */
export interface FailedFilter {
  queue?: QueueName | undefined
  /** Part of the reason or of the job id. */
  text?: string | undefined
  /** Milliseconds. */
  failedAfter?: number | undefined
  failedBefore?: number | undefined
}

export interface FailedJobs {
  /** Those that fit among the newest of each queue, newest first. */
  find(filter: FailedFilter): Promise<FailedJob[]>
  get(queue: QueueName, id: string): Promise<FailedJob | undefined>
  /** Failed jobs of each queue that has any. */
  counts(): Promise<Map<QueueName, number>>
  /** Gives jobs all their attempts again. Returns how many there still were. */
  retry(jobs: JobRef[]): Promise<number>
  /** What jobs that were given another try have come to; waits for their end, at most so long. */
  outcomes(jobs: JobRef[], withinMs: number): Promise<RetryOutcome[]>
  discard(jobs: JobRef[]): Promise<number>
  /** Retries or discards all that fit and have failed by now, page by page, the oldest first. */
  changeAll(action: FailedAction, filter: FailedFilter, options: ChangeAllOptions): Promise<void>
}

export type FailedAction = 'retry' | 'discard'

export interface ChangeAllOptions {
  /** After each page: how many were looked at, and which were changed. The next one waits for it. */
  onPage: (page: { lookedAt: number; changed: JobRef[] }) => Promise<void>
  /** Ends it after the page that is under way. */
  signal: AbortSignal
}

export type JobRef = Pick<FailedJob, 'queue' | 'id'>

/** `done` also when it is gone by now; `under-way` may mean that it waits for its next attempt. */
export type RetryOutcome = JobRef & ({ kind: 'done' } | { kind: 'under-way' } | { kind: 'failed'; reason: string })

/** How many failed jobs of a queue are looked at: more than anybody reads, few enough to answer at once. */
export const FAILED_LOOKED_AT = 1_000

const AT_ONCE = 100

/** The dead letters of all queues. */
export function createFailedJobs({ byName }: OpenQueues): FailedJobs {
  const changeOne = async ({ queue, id }: JobRef, action: FailedAction) => {
    const job = await byName.get(queue)?.getJob(id)
    return job !== undefined && isChanged(job, action)
  }
  const change = async (jobs: JobRef[], action: FailedAction) => {
    let changed = 0
    // Redis has others to serve in between.
    for (let from = 0; from < jobs.length; from += AT_ONCE) {
      const page = jobs.slice(from, from + AT_ONCE)
      const results = await Promise.all(page.map((job) => changeOne(job, action)))
      changed += results.filter(Boolean).length
    }
    return changed
  }
  const searchedBy = ({ queue }: FailedFilter) => [...byName].filter(([name]) => queue === undefined || queue === name)
  return {
    async find(filter) {
      const found = await Promise.all(searchedBy(filter).map(([name, queue]) => findIn(name, queue, filter)))
      return found.flat().toSorted((a, b) => b.failedAt - a.failedAt)
    },
    async get(name, id) {
      const job = await byName.get(name)?.getJob(id)
      return job && (await job.isFailed()) ? view(name, job) : undefined
    },
    async counts() {
      const counted = await Promise.all(
        [...byName].map(async ([name, queue]) => [name, await queue.getFailedCount()] as const),
      )
      return new Map(counted.filter(([, count]) => count > 0))
    },
    retry: (jobs) => change(jobs, 'retry'),
    async outcomes(jobs, withinMs) {
      const deadline = Date.now() + withinMs
      return Promise.all(jobs.map((job) => outcomeOf(byName.get(job.queue), job, deadline)))
    },
    discard: (jobs) => change(jobs, 'discard'),
    async changeAll(action, filter, options) {
      const before = Math.min(filter.failedBefore ?? Infinity, Date.now())
      for (const [name, queue] of searchedBy(filter))
        await changeAllIn({ name, queue }, action, { ...filter, failedBefore: before }, options)
    },
  }
}

const actions: Record<FailedAction, (job: Job) => Promise<void>> = {
  retry: (job) => job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true }),
  discard: (job) => job.remove(),
}

/** The oldest first: what fails meanwhile comes behind, and what is changed leaves the list. */
async function changeAllIn(
  { name, queue }: { name: QueueName; queue: Queue },
  action: FailedAction,
  filter: FailedFilter & { failedBefore: number },
  { onPage, signal }: ChangeAllOptions,
): Promise<void> {
  let kept = 0
  while (!signal.aborted) {
    const jobs = await queue.getJobs(['failed'], kept, kept + AT_ONCE - 1, true)
    const known = jobs.filter((job) => view(name, job).failedAt < filter.failedBefore)
    const results = await Promise.all(
      known.map(async (job) => {
        const ref = view(name, job)
        return fits(ref, filter) && (await isChanged(job, action)) ? [{ queue: name, id: ref.id }] : []
      }),
    )
    const changed = results.flat()
    if (known.length > 0) await onPage({ lookedAt: known.length, changed })
    if (known.length < AT_ONCE) return
    kept += known.length - changed.length
  }
}

/** Somebody else may have been first. */
async function isChanged(job: Job, action: FailedAction): Promise<boolean> {
  if (!(await job.isFailed())) return false
  await actions[action](job)
  return true
}

const POLL_MS = 50

async function outcomeOf(queue: Queue | undefined, ref: JobRef, deadline: number): Promise<RetryOutcome> {
  for (;;) {
    const state = (await queue?.getJobState(ref.id)) ?? 'unknown'
    if (state === 'completed' || state === 'unknown') return { ...ref, kind: 'done' }
    if (state === 'failed') {
      const reason = (await queue?.getJob(ref.id))?.failedReason ?? ''
      return { ...ref, kind: 'failed', reason }
    }
    if (Date.now() > deadline) return { ...ref, kind: 'under-way' }
    await sleep(POLL_MS)
  }
}

type Job = NonNullable<Awaited<ReturnType<Queue['getJob']>>>

async function findIn(name: QueueName, queue: Queue, filter: FailedFilter): Promise<FailedJob[]> {
  const jobs = await queue.getFailed(0, FAILED_LOOKED_AT - 1)
  return jobs.map((job) => view(name, job)).filter((job) => fits(job, filter))
}

function fits(job: FailedJob, { text, failedAfter, failedBefore }: FailedFilter): boolean {
  const wanted = text?.trim().toLowerCase()
  return (
    (!wanted || job.reason.toLowerCase().includes(wanted) || job.id.toLowerCase().includes(wanted)) &&
    (failedAfter === undefined || job.failedAt >= failedAfter) &&
    (failedBefore === undefined || job.failedAt < failedBefore)
  )
}

function view(queue: QueueName, job: Job): FailedJob {
  const data: unknown = job.data
  return {
    queue,
    id: job.id ?? '',
    reason: job.failedReason ?? '',
    attempts: job.attemptsMade,
    addedAt: job.timestamp,
    failedAt: job.finishedOn ?? job.timestamp,
    data,
  }
}
