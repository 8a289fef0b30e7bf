import { contact, messageState } from '@switchboard/contracts'
import type { MessageState } from '@switchboard/contracts'
import { z } from 'zod'

/**
 * What a reply came to:
 * - `choice`: it chose an option; `stale`: it did, but a newer choice came first
 * - `invalid`: asked again; `handed-over`: one too many, a person takes over; `noted`: kept, not answered
 * - `too-late`: a choice after the deadline
 */
export const replyOutcome = z.enum(['choice', 'stale', 'invalid', 'handed-over', 'noted', 'too-late'])
export type ReplyOutcome = z.infer<typeof replyOutcome>

const reply = z.object({
  /** Of the inbound message. */
  id: z.string(),
  text: z.string().nullable(),
  outcome: replyOutcome,
  option: z.string().optional(),
  /** Other questions waited as well: the person was told which one this answered. */
  isOneOfSeveral: z.literal(true).optional(),
  sentAt: z.int(),
  receivedAt: z.int(),
})

/** One delivery notification: what was asked, what became of the message, what was answered. */
export const notificationRecord = z.object({
  id: z.string(),
  name: z.string(),
  contact,
  text: z.string(),
  variables: z.record(z.string(), z.string()),
  /** As they were when it was sent: a change of the configuration does not change the question. */
  options: z.record(z.string(), z.string()),
  texts: z.object({
    acknowledgement: z.string(),
    /** Not in records of older versions. */
    whichQuestion: z.string().optional(),
    askAgain: z.string(),
    handedOver: z.string(),
    tooLate: z.string(),
  }),
  warnings: z.array(z.string()),
  createdAt: z.int(),
  expiresAt: z.int(),
  message: z.object({ id: z.string(), state: messageState, reason: z.string().optional(), at: z.int() }).optional(),
  choice: z
    .object({
      option: z.string(),
      label: z.string(),
      replyId: z.string(),
      sentAt: z.int(),
      receivedAt: z.int(),
    })
    .optional(),
  needsPerson: z.boolean(),
  supersededBy: z.string().optional(),
  /** The question before it, which it supersedes. */
  replaces: z.string().optional(),
  replies: z.array(reply),
})
export type NotificationRecord = z.infer<typeof notificationRecord>

export const notificationState = z.enum(['open', 'answered', 'expired', 'superseded', 'failed'])
export type NotificationState = z.infer<typeof notificationState>

const FAILED = new Set<MessageState>(['refused', 'suppressed', 'dropped', 'rejected', 'undeliverable'])

/** How a notification stands now. A choice outlives everything: it was made. */
export function stateOfNotification(record: NotificationRecord, now: number): NotificationState {
  if (record.choice) return 'answered'
  if (record.supersededBy !== undefined) return 'superseded'
  if (record.message && FAILED.has(record.message.state)) return 'failed'
  return now < record.expiresAt ? 'open' : 'expired'
}
