import type { OutboundMessage } from '@switchboard/contracts'

/** What answers somebody is of no use much later: they have asked elsewhere by then. */
const REPLY_MS = 30 * 60_000
/** Whoever opts out has a right to hear that it was heard, also after a long outage. */
const OPT_OUT_CONFIRMATION_MS = 24 * 3_600_000

/**
 * The moment from which a message is not sent any more; until then it is tried again and again. Updates, notifications
 * and steps of an alert bring their own. Undefined: while what it belongs to goes on.
 */
export function endOfMessage(message: OutboundMessage): number | undefined {
  const { purpose, createdAt, expiresAt, about } = message
  if (expiresAt !== undefined) return expiresAt
  if (message.ignoresConsent && message.ignoresReplyLimit) return createdAt + OPT_OUT_CONFIRMATION_MS
  const isClosing = about?.kind === 'alert-closing' || about?.kind === 'bundle'
  return purpose === 'reply' || isClosing ? createdAt + REPLY_MS : undefined
}
