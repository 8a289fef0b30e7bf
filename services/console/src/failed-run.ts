import { setTimeout as wait } from 'node:timers/promises'

import { newId } from '@switchboard/contracts'
import type { Log } from '@switchboard/contracts'
import type { FailedAction, FailedFilter, FailedJobs, JobRef, RetryOutcome } from '@switchboard/queue'

/** What somebody asked for of failed jobs, and how far it has come. */
export interface FailedRun {
  id: string
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

/** What the first jobs that were given another try have come to. */
export interface RunOutcome {
  asked: number
  done: number
  failed: number
  /** Of one that failed again. */
  reason: string | undefined
  waiting: number
}

export interface FailedRuns {
  /** The one of this id; without one the one under way, or the last one for as long as it is news. */
  get(id?: string): FailedRun | undefined
  /** Asks only for those of which it is not known yet: what a retry came to stays what it came to. */
  outcomeOf(run: FailedRun): Promise<RunOutcome>
  /** Keeps what was done with jobs that were chosen one by one. */
  note(done: Pick<FailedRun, 'action' | 'target' | 'changed' | 'refs'>): FailedRun
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
  failed: Pick<FailedJobs, 'changeAll' | 'outcomes'>
  log: Log<'error'>
  signal: AbortSignal
  now: () => number
}

/** So many jobs of a run are followed, and so many runs are kept. */
const KEPT_REFS = 200
const KEPT_RUNS = 50
const NEWS_MS = 60_000
/** Redis has others to serve in between. */
const PAUSE_MS = 10

/** It needs no memory of Redis, as a queue would: a full one is mended here. */
export function createFailedRuns({ failed, log, signal, now }: FailedRunDeps): FailedRuns {
  const runs = new Map<string, FailedRun>()
  const known = new WeakMap<FailedRun, Map<string, RetryOutcome>>()
  let newest: FailedRun | undefined

  function keep(run: FailedRun): FailedRun {
    runs.set(run.id, run)
    for (const id of [...runs.keys()].slice(0, -KEPT_RUNS)) runs.delete(id)
    return run
  }

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
    get(id) {
      if (id !== undefined) return runs.get(id)
      return newest?.endedAt !== undefined && now() - newest.endedAt > NEWS_MS ? undefined : newest
    },
    async outcomeOf(run) {
      const settled = known.get(run) ?? new Map<string, RetryOutcome>()
      known.set(run, settled)
      const pending = run.refs.filter((ref) => !settled.has(nameOf(ref)))
      for (const outcome of await failed.outcomes(pending, -1)) {
        if (outcome.kind !== 'under-way') settled.set(nameOf(outcome), outcome)
      }
      const again = [...settled.values()].filter((outcome) => outcome.kind === 'failed')
      return {
        asked: run.refs.length,
        done: settled.size - again.length,
        failed: again.length,
        reason: again[0]?.reason,
        waiting: run.refs.length - settled.size,
      }
    },
    note({ refs, ...done }) {
      const at = { total: refs.length, lookedAt: refs.length, endedAt: now() }
      return keep({ id: newId('run'), ...done, ...at, refs: refs.slice(0, KEPT_REFS) })
    },
    start({ filter, ...about }) {
      if (newest && newest.endedAt === undefined) return undefined
      newest = keep({ id: newId('run'), ...about, lookedAt: 0, changed: 0, refs: [] })
      return { run: newest, ended: work(newest, filter) }
    },
  }
}

function nameOf({ queue, id }: JobRef): string {
  return `${queue}/${id}`
}
