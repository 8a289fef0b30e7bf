import { setTimeout as wait } from 'node:timers/promises'

import type { Log } from '@switchboard/contracts'
import type { FailedAction, FailedFilter, FailedJobs, JobRef } from '@switchboard/queue'

/** What somebody asked for of all failed jobs that fit, and how far it has come. */
export interface FailedRun {
  action: FailedAction
  /** Which jobs, in words. */
  target: string
  /** How many failed jobs there were to look at. */
  total: number
  lookedAt: number
  changed: number
  /** The first that were changed. */
  refs: JobRef[]
  endedAt?: number
  problem?: string
}

export interface FailedRuns {
  /** The one under way, or the last one for as long as it is news. */
  current(): FailedRun | undefined
  /**
   * Begins one, page by page behind the pages of the console. Undefined while another one is under way. `ended` resolves when
   * it is done, or stopped with the process: what it did not come to is still failed.
   */
  start(wanted: Wanted): { run: FailedRun; ended: Promise<FailedRun> } | undefined
}

interface Wanted extends Pick<FailedRun, 'action' | 'target' | 'total'> {
  filter: FailedFilter
}

export interface FailedRunDeps {
  failed: Pick<FailedJobs, 'changeAll'>
  log: Log<'error'>
  signal: AbortSignal
  now: () => number
}

const KEPT_REFS = 20
const NEWS_MS = 60_000
/** Redis has others to serve in between. */
const PAUSE_MS = 10

/** It needs no memory of Redis, as a queue would: a full one is mended here. */
export function createFailedRuns({ failed, log, signal, now }: FailedRunDeps): FailedRuns {
  let run: FailedRun | undefined

  async function work(current: FailedRun, filter: FailedFilter): Promise<FailedRun> {
    const onPage = async ({ lookedAt, changed }: { lookedAt: number; changed: JobRef[] }) => {
      current.lookedAt += lookedAt
      current.changed += changed.length
      current.refs = [...current.refs, ...changed].slice(0, KEPT_REFS)
      await wait(PAUSE_MS)
    }
    try {
      await failed.changeAll(current.action, filter, { onPage, signal })
    } catch (error) {
      log.error({ error, action: current.action }, 'failed-jobs.not-changed')
      current.problem = error instanceof Error ? error.message : String(error)
    }
    current.endedAt = now()
    return current
  }

  return {
    current: () => (run?.endedAt !== undefined && now() - run.endedAt > NEWS_MS ? undefined : run),
    start({ filter, ...about }) {
      if (run && run.endedAt === undefined) return undefined
      run = { ...about, lookedAt: 0, changed: 0, refs: [] }
      return { run, ended: work(run, filter) }
    },
  }
}
