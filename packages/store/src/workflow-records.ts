import { createDueSet } from './due-set.ts'
import { createRecords } from './records.ts'
import type { RecordsOptions } from './records.ts'
import { scanIds } from './scan-ids.ts'
import type { RedisConnection } from './script.ts'

interface WorkflowRecordsOptions<Value extends object> extends RecordsOptions<Value> {
  /** The key of those that are not settled. */
  dueKey: string
}

export interface RecordChange<Value> {
  before: Value | undefined
  after: Value | undefined
}

/** Records that owe something to the world, as packages/workflow moves them; what its operations promise stands there. */
export function createWorkflowRecords<Value extends object>(
  redis: RedisConnection,
  options: WorkflowRecordsOptions<Value>,
) {
  const records = createRecords(redis, options)
  return {
    get: (id: string) => records.get(id),
    remove: (id: string) => records.remove(id),
    change: (
      id: string,
      decide: (current: Value | undefined) => Value | undefined,
      {
        known,
        beforeWrite,
      }: {
        known?: Value | undefined
        beforeWrite?: (before: Value | undefined, after: Value) => Promise<unknown> | undefined
      } = {},
    ) =>
      records.updateFrom<RecordChange<Value>>(
        known,
        id,
        (before) => {
          const after = decide(before)
          const result = { before, after }
          return after === undefined || after === before ? { result } : { next: after, result }
        },
        beforeWrite,
      ),
    due: createDueSet(redis, options.dueKey),
    scan: () => scanIds(redis, options.key('')),
  }
}
