import type { InboundMessage, Options } from '@switchboard/contracts'
import type { NotificationRecord, Signup } from '@switchboard/store'

/** The newest question put to a contact by a delivery notification. */
export interface OpenQuestion {
  notificationId: string
  options: Options
  /** In time; else an answer is told that it is too late, once. */
  isOpen: boolean
  isAnswered: boolean
  wasToldTooLate: boolean
  /** The message quotes this very question, as a pressed button does. */
  isQuoted: boolean
  /** Others wait for an answer as well. */
  isOneOfSeveral: boolean
}

export type Moment = Pick<InboundMessage, 'sentAt' | 'receivedAt'>

/** What was sent before the deadline and held up on the way is in time. */
export function isInTime(
  { sentAt, receivedAt }: Moment,
  { expiresAt }: Pick<NotificationRecord, 'expiresAt'>,
): boolean {
  return Math.min(sentAt, receivedAt) < expiresAt
}

/** How a question stands for a message. */
export function openQuestion(
  record: NotificationRecord | undefined,
  message: Moment,
  { isQuoted, isOneOfSeveral }: Pick<OpenQuestion, 'isQuoted' | 'isOneOfSeveral'>,
): OpenQuestion | undefined {
  if (!record) return undefined
  return {
    isQuoted,
    isOneOfSeveral,
    notificationId: record.id,
    options: record.options,
    isOpen: isInTime(message, record),
    isAnswered: record.choice !== undefined,
    wasToldTooLate: record.replies.some(({ outcome }) => outcome === 'too-late'),
  }
}

/** The sign-up that waits for a yes or no. */
export function openSignup(signup: Signup | undefined, message: Moment): string | undefined {
  const isAsked = signup?.state === 'asked' && message.receivedAt < signup.expiresAt
  return isAsked ? signup.id : undefined
}
