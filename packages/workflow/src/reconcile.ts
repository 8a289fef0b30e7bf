import { stamp } from './fulfilment.ts'
import { OVERDUE_MS } from './overdue.ts'
import type { DueSet, WorkflowLog } from './types.ts'

export interface ReconcileDeps {
  name: string
  logFields: (id: string) => object
  due: Pick<DueSet, 'take'>
  /** Makes good what is missing of a record that stands at `at`. */
  lookAfter: (id: string, at: number) => Promise<void>
  now: () => number
  log: WorkflowLog
  countRescue?: ((workflow: string) => void) | undefined
}

/** When one that could not be helped gets its next turn. */
const RETRY_MS = 10_000
const PAGE_SIZE = 50
/** Of one run: the next one follows soon, and a service that stops need not wait for all of them. */
const MAX_PAGES = 40

/** Looks after every record that is overdue. Costs one command when none is. */
export async function reconcile(deps: ReconcileDeps): Promise<void> {
  const { due, now } = deps
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const until = stamp(now() + RETRY_MS)
    const ids = await due.take(now() - OVERDUE_MS, until, PAGE_SIZE)
    await Promise.all(ids.map((id) => rescue(id, until, deps)))
    if (ids.length < PAGE_SIZE) return
  }
}

async function rescue(id: string, at: number, deps: ReconcileDeps): Promise<void> {
  const fields = { workflow: deps.name, ...deps.logFields(id) }
  try {
    await deps.lookAfter(id, at)
    deps.countRescue?.(deps.name)
    deps.log.warn(fields, 'workflow.rescued')
  } catch (error) {
    // One that cannot be helped must not keep the others from it.
    deps.log.error({ ...fields, error }, 'workflow.not-rescued')
  }
}
