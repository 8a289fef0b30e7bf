import type { OutboundMessage } from '@switchboard/contracts'

import { NotAcceptedError } from '../outcome.ts'
import { askNcco } from './ncco.ts'

/** Whoever presses no key hears the alert again and again, so long. */
export const LONGEST_CALL_SECONDS = 180

/** The body of `POST /v1/calls`: speaks a message and asks for a key. Throws when the message is not meant to be spoken. */
export function callBody({ to, text, call }: OutboundMessage, from: string) {
  if (!call) throw new NotAcceptedError({ kind: 'refused', code: 'no-call', reason: 'this message is not for a call' })
  return {
    to: [{ type: 'phone', number: to }],
    from: { type: 'phone', number: from },
    ncco: askNcco({ text, ...call }),
    // A machine wakes nobody: it costs as little as possible.
    machine_detection: 'hangup',
    ringing_timer: call.ringingSeconds,
    length_timer: LONGEST_CALL_SECONDS,
  }
}
