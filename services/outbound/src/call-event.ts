import type { CallEvent, Log, MessageStatus } from '@switchboard/contracts'
import { isAnsweredByMachine } from '@switchboard/store'
import type { Calls, WaitingCalls } from '@switchboard/store'
import { callOutcome } from '@switchboard/vonage'

import { outcomesOfJoined } from './phone-line.ts'

export interface CallEventDeps {
  calls: Pick<Calls, 'record'>
  waitingCalls: Pick<WaitingCalls, 'list'>
  /** Takes what a call says about the message that is spoken in it. */
  applyStatus: (status: MessageStatus) => Promise<void>
  log: Log
  count: (status: string) => void
}

/** Keeps the record of calls, and tells what was spoken in them how it went. Duplicates and disorder are normal, so everything here may run again. */
export function createCallEventHandler({ calls, waitingCalls, applyStatus, log, count }: CallEventDeps) {
  return async (event: CallEvent): Promise<void> => {
    const call = await calls.record(event)
    const outcome = callOutcome(event, isAnsweredByMachine(call))
    if (outcome) {
      const joined = call?.to === undefined ? [] : await outcomesOfJoined(outcome, call.to, { waitingCalls })
      for (const each of [outcome, ...joined]) await applyStatus(each)
    }
    count(event.status)
    log.info({ call: call?.uuid, leg: event.uuid, status: event.status, state: call?.state }, 'call.event')
  }
}
