import { OVERDUE_MS } from './overdue.ts'
import type { Obligation, WorkflowDefinition, WorkflowRecords } from './types.ts'

/** A record that is being moved: what it asked of the world and asks now, and its place in the due set meanwhile. */
export interface Work<Value, Owed> {
  before: Value | undefined
  after: Value
  old: Owed[]
  owed: Owed[][]
  at: number
  previous: Promise<number | undefined>
}

export interface FulfilmentDeps<Value extends object> {
  records: Pick<WorkflowRecords<Value>, 'get' | 'due'>
  now: () => number
}

/** Makes the world follow records, and settles them in the due set when it does. */
export function createFulfilment<Value extends object, Owed extends Obligation, Context>(
  definition: WorkflowDefinition<Value, Owed, Context>,
  { records, now }: FulfilmentDeps<Value>,
) {
  const { due } = records
  const { contextOf, obligations, lookAt } = definition

  async function fulfil(id: string, stages: Owed[][], record: Value, context: Context): Promise<void> {
    for (const stage of stages) await Promise.all(stage.map((owed) => definition.fulfil(owed, record, context, id)))
  }

  /**
   * Fulfils a record again, read after it was entered: whoever writes it later enters it anew. `whenDue` performs what
   * has fallen due instead, and settles it.
   */
  async function lookAfter(id: string, at: number, whenDue?: (record: Value) => Promise<void>): Promise<void> {
    const record = await records.get(id)
    const next = record && lookAt(record)
    if (record && whenDue && next !== undefined && next <= now()) return whenDue(record)
    if (record) {
      const context = await contextOf(record)
      await fulfil(id, obligations(record, context), record, context)
    }
    await settle(id, at, next)
  }

  /**
   * Had somebody else moved the record while we were at work for it, what we did may have come after what he did: then it
   * is looked at once more, by whoever reconciles next.
   */
  async function settle(id: string, at: number, next: number | undefined): Promise<void> {
    if (!(await due.settle(id, at, next))) await due.enter(id, now() - OVERDUE_MS)
  }

  return {
    lookAfter,
    /** After a record was written: what it asks newly, and what it no longer asks. */
    async follow(id: string, work: Work<Value, Owed>, context: Context): Promise<void> {
      const { before, after, old, owed, at } = work
      // Had somebody died before the world followed the record as it was, his part is still to be done.
      const isRest = before !== undefined && (await work.previous) === lookAt(before)
      const retracted = before ? without(old, owed.flat()) : []
      await Promise.all([
        fulfil(id, isRest ? owed.map((stage) => without(stage, old)) : owed, after, context),
        ...retracted.map(async (each) => before && definition.retract?.(each, before)),
      ])
      // Nobody waits for it: an entry that stays where it is, is looked at once more than needed.
      settle(id, at, lookAt(after)).catch(() => undefined)
    },
    /** Nothing was written: the record was there already, and perhaps its world is not. */
    async catchUp(id: string, record: Value | undefined): Promise<void> {
      const [position] = await due.positions([id])
      if (position === (record && lookAt(record))) return
      const at = stamp(now())
      await due.enter(id, at)
      await lookAfter(id, at)
    },
  }
}

/** A moment that is nobody else's, so that who settles a record knows his own entry again. */
export function stamp(moment: number): number {
  return moment + Math.random()
}

function without<Owed extends Obligation>(owed: Owed[], known: Owed[]): Owed[] {
  const ids = new Set(known.map(({ id }) => id))
  return owed.filter(({ id }) => !ids.has(id))
}
