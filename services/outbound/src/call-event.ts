import type { CallEvent } from '@switchboard/contracts'
import type { Calls } from '@switchboard/store'

export interface CallEventDeps {
  calls: Pick<Calls, 'record'>
  log: { info: (fields: object, event: string) => void }
  count: (status: string) => void
}

/** Keeps the record of calls. Duplicates and disorder are normal, so everything here may run again. */
export function createCallEventHandler({ calls, log, count }: CallEventDeps) {
  return async (event: CallEvent): Promise<void> => {
    const call = await calls.record(event)
    count(event.status)
    log.info({ call: call?.uuid, leg: event.uuid, status: event.status, state: call?.state }, 'call.event')
  }
}
