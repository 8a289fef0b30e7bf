import { createFulfilment, stamp } from './fulfilment.ts'
import type { Work } from './fulfilment.ts'
import { reconcile } from './reconcile.ts'
import { createSweep } from './sweep.ts'
import type { Sweep } from './sweep.ts'
import type { Decide, Obligation, RecordChange, WorkflowDefinition, WorkflowLog, WorkflowRecords } from './types.ts'

export interface WorkflowDeps<Value extends object> {
  records: WorkflowRecords<Value>
  now: () => number
  log: WorkflowLog
  /** A record was found that nobody looked after any more. */
  countRescue?: (workflow: string) => void
}

export interface Workflow<Value extends object, Context = undefined> {
  name: string
  /** Moves a record by a pure function, then makes the world follow. Run again after a crash it makes good what is missing. */
  move(id: string, decide: Decide<Value>, context: Context, known?: Value): Promise<RecordChange<Value>>
  /**
   * Looks after every record that is overdue: performs what has fallen due, fulfils the rest again. `whenDue`: performs
   * what falls due, by moving the record.
   */
  reconcile(whenDue?: (record: Value) => Promise<void>): Promise<void>
  /** Finds those that nobody would look after any more. */
  sweep: Sweep
}

/**
 * The one way to have effects: enter the record in the due set, write it, make the world follow, settle it in the set.
 * Whatever dies in between leaves an entry that says so.
 */
export function createWorkflow<Value extends object, Owed extends Obligation, Context>(
  definition: WorkflowDefinition<Value, Owed, Context>,
  deps: WorkflowDeps<Value>,
): Workflow<Value, Context> {
  const { name, obligations, lookAt, logFields = () => ({}) } = definition
  const { records, now } = deps
  const fulfilment = createFulfilment(definition, deps)

  return {
    name,
    async move(id, decide, context, known) {
      let work: Work<Value, Owed> | undefined
      const change = await records.change(id, decide, {
        known,
        beforeWrite(before, after) {
          const old = before ? obligations(before, context).flat() : []
          const owed = obligations(after, context)
          // Something was noted that asks nothing of the world, unless a try before this one has entered it already.
          const isQuiet = (before && lookAt(before)) === lookAt(after) && isSame(old, owed.flat())
          if (!isQuiet || work) {
            const at = stamp(now())
            work = { before, after, old, owed, at, previous: records.due.enter(id, at) }
          }
          return work?.previous
        },
      })
      const { before, after } = change
      if (after === before || after === undefined) await fulfilment.catchUp(id, after)
      else if (work) await fulfilment.follow(id, work, context)
      return change
    },

    reconcile: (whenDue) =>
      reconcile({
        ...deps,
        name,
        logFields,
        due: records.due,
        lookAfter: (id, at) => fulfilment.lookAfter(id, at, whenDue),
      }),
    sweep: createSweep({ ...definition, ...deps }),
  }
}

function isSame(old: Obligation[], owed: Obligation[]): boolean {
  return old.length === owed.length && owed.every(({ id }, index) => id === old[index]?.id)
}
