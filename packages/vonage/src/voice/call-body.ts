import type { OutboundMessage } from '@switchboard/contracts'

import { NotAcceptedError } from '../outcome.ts'
import { askNcco } from './ncco.ts'

/** Whoever presses no key hears the alert again and again, so long. */
export const LONGEST_CALL_SECONDS = 180

/** The body of `POST /v1/calls`: speaks a message and asks for a key. Throws when the message is not meant to be spoken. */
export function callBody({ to, text, call }: OutboundMessage, from: string) {
  if (!call) throw new NotAcceptedError({ kind: 'refused', code: 'no-call', reason: 'this message is not for a call' })
  const { keysUrl, eventsUrl, language, style, ringingSeconds, leavesText = false } = call
  return {
    to: [{ type: 'phone', number: to }],
    from: { type: 'phone', number: from },
    ncco: askNcco({ text, keysUrl, language, ...(style === undefined ? {} : { style }) }),
    ...(eventsUrl === undefined ? {} : { event_url: [eventsUrl], event_method: 'POST' }),
    // A machine wakes nobody: it costs as little as possible, unless it is to keep the text.
    machine_detection: leavesText ? 'continue' : 'hangup',
    ringing_timer: ringingSeconds,
    length_timer: LONGEST_CALL_SECONDS,
  }
}
