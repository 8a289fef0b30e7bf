import { setTimeout as wait } from 'node:timers/promises'

import { OVERDUE_MS } from './overdue.ts'
import type { DueSet, WorkflowDefinition, WorkflowLog, WorkflowRecords } from './types.ts'

type Questions<Value extends object> = Pick<WorkflowDefinition<Value, never>, 'name' | 'lookAt' | 'isIncomplete'>

export interface SweepDeps<Value extends object> extends Questions<Value> {
  records: Pick<WorkflowRecords<Value>, 'get' | 'scan'> & { due: Pick<DueSet, 'positions' | 'enter'> }
  now: () => number
  /** Resolves after so many milliseconds. */
  rest?: (ms: number) => Promise<void>
  log: WorkflowLog
}

/** It rests four times as long as it worked: as fast as Redis has nothing better to do. */
const REST = 4
/** Between two rounds, so that it takes a tenth of the time; and no longer, so that all are seen within a quarter of an hour. */
const PAUSE = 9
const MAX_PAUSE_MS = 300_000
/** Of one run: a service that stops need not wait for a round. */
const SLICE_MS = 2_000

export interface Sweep {
  /** Goes on through all records, if a round is due. To be called every second or so. */
  run(): Promise<void>
  /** Makes the next run begin a new round: Redis may have lost what it had. */
  again(): void
}

/**
 * Finds records that fell out of the due set although they are not settled, because somebody deleted it, or whose world
 * has lost something, and puts them back. It goes by the records themselves, and looks only at those that are missing.
 */
export function createSweep<Value extends object>(deps: SweepDeps<Value>): Sweep {
  const { records, now, rest = (ms) => wait(ms) } = deps
  let round: { pages: AsyncIterator<string[]>; startedAt: number } | undefined
  let nextAt = 0

  /** Resolves to whether there may be more. */
  async function nextPage(pages: AsyncIterator<string[]>): Promise<boolean> {
    const startedAt = now()
    const page = await pages.next()
    if (page.done) return false
    await putBack(page.value, deps)
    await rest((now() - startedAt) * REST)
    return true
  }

  return {
    async run() {
      if (!round && now() < nextAt) return
      const current = (round ??= { pages: records.scan()[Symbol.asyncIterator](), startedAt: now() })
      const sliceEnd = now() + SLICE_MS
      try {
        while (round === current && now() < sliceEnd) {
          if (await nextPage(current.pages)) continue
          if (round === current) round = undefined
          nextAt = now() + Math.min((now() - current.startedAt) * PAUSE, MAX_PAUSE_MS)
        }
      } catch (error) {
        if (round === current) round = undefined
        throw error
      }
    },
    again() {
      round = undefined
      nextAt = 0
    },
  }
}

async function putBack<Value extends object>(ids: string[], deps: SweepDeps<Value>): Promise<void> {
  if (ids.length === 0) return
  const positions = await deps.records.due.positions(ids)
  const missing = ids.filter((_id, index) => positions[index] === undefined)
  await Promise.all(missing.map((id) => check(id, deps)))
}

async function check<Value extends object>(
  id: string,
  { name, records, lookAt, isIncomplete, now, log }: SweepDeps<Value>,
): Promise<void> {
  try {
    const record = await records.get(id)
    if (!record) return
    if (lookAt(record) === undefined && !(await isIncomplete?.(record, id))) return
    await records.due.enter(id, now() - OVERDUE_MS)
  } catch (error) {
    // One that cannot be read must not keep the others from it.
    log.error({ workflow: name, error }, 'workflow.unreadable')
  }
}
