import { isWebSocketLeg } from '@switchboard/contracts'
import type { CallEvent, MessageStatus } from '@switchboard/contracts'

/** Why nobody has heard, or taken, what was said. A person who hangs up without a key may not have listened. */
const reasons: Partial<Record<string, string>> = {
  busy: 'busy',
  cancelled: 'cancelled',
  completed: 'no key was pressed',
  failed: 'the call failed',
  machine: 'a machine answered',
  rejected: 'declined',
  timeout: 'nobody answered',
  unanswered: 'nobody answered',
}
const underWay = new Set(['started', 'ringing', 'answered', 'human'])

/**
 * What an event of a call says about the message that is spoken in it, as a status of that message; undefined when it
 * says nothing. `isMachine`: one has answered, and was left the text. Attention is a key, which comes by itself and
 * outranks all of these.
 */
export function callOutcome(event: CallEvent, isMachine: boolean): MessageStatus | undefined {
  const { uuid, status, detail, direction, at, receivedAt, price, messageId, leavesText } = event
  if (uuid === undefined || direction === 'inbound' || isWebSocketLeg(event)) return undefined
  const about = {
    kind: 'message' as const,
    messageUuid: uuid,
    ...(messageId === undefined ? {} : { clientRef: messageId }),
    at,
    receivedAt,
    ...(price ? { price } : {}),
  }
  if (underWay.has(status) || (status === 'machine' && leavesText)) return { ...about, state: 'submitted' }
  const reason = isMachine && status === 'completed' ? 'a machine answered, which has the text' : reasons[status]
  if (reason === undefined) return undefined
  const isNumberWrong = status === 'rejected' && detail !== undefined && detail !== 'declined'
  return { ...about, state: 'undeliverable', error: { code: status, reason: isNumberWrong ? detail : reason } }
}
