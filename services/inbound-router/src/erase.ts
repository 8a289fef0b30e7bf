import type { EraseRequest, Log } from '@switchboard/contracts'
import type { JobEraser } from '@switchboard/queue'
import type { Erasure } from '@switchboard/store'

export interface EraseDeps {
  records: Erasure
  jobs: Pick<JobEraser, 'erase'>
  again: { enqueue(request: EraseRequest, options: { delayMs: number }): Promise<void> }
  topics: string[]
  now: () => number
  log: Log
}

const ROUNDS = 2
/** Longer than any job may run. */
const NEXT_ROUND_MS = 60_000

/**
 * Handles the erasure of a person: jobs first, so that they write nothing new, then records. A second round takes what
 * a job that was running during the first has written.
 */
export function createEraseHandler({ records, jobs, again, topics, now, log }: EraseDeps) {
  return async (request: EraseRequest): Promise<void> => {
    const { id, contacts, round } = request
    const jobCount = await jobs.erase(contacts)
    const recordCount = await records.erase(contacts, topics, now())
    if (round < ROUNDS) await again.enqueue({ ...request, round: round + 1 }, { delayMs: NEXT_ROUND_MS })
    log.info({ requestId: id, round, jobs: jobCount, records: recordCount }, 'person.erased')
  }
}
