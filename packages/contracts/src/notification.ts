import { z } from 'zod'

import { contact } from './contact.ts'
import { derivedId } from './ids.ts'
import { messageState } from './message-state.ts'

/** A delivery notification to be sent. The texts come from the configuration, under `name`. */
export const notificationRequest = z.object({
  id: z.string().min(1).max(40),
  name: z.string(),
  contact,
  /** Put into the text where it says `{name}`. */
  variables: z.record(z.string(), z.string()),
  /** What is odd about the address, for whoever reads the record. */
  warnings: z.array(z.string()).default([]),
  createdAt: z.int(),
})
export type NotificationRequest = z.infer<typeof notificationRequest>

/** The id of the message that asks. */
export function notificationMessageId(notificationId: string): string {
  return derivedId('ask', notificationId)
}

/** The follow-up by which a person takes over a notification whose answers nobody could make sense of. */
export function notificationFollowUpId(notificationId: string): string {
  return derivedId('follow', notificationId)
}

/** What a contact answered to a notification: a choice, or something that is none. */
export const notificationReply = z.object({
  /** Of the inbound message. */
  id: z.string().min(1).max(100),
  notificationId: z.string(),
  text: z.string().nullable(),
  /** Of a button that was pressed: counts before its title. */
  payload: z.string().optional(),
  /** Other questions wait for this contact's answer as well. */
  isOneOfSeveral: z.literal(true).optional(),
  sentAt: z.int(),
  receivedAt: z.int(),
})
export type NotificationReply = z.infer<typeof notificationReply>

/** What became of the message of a notification. */
export const notificationProgress = z.object({
  notificationId: z.string(),
  messageId: z.string(),
  state: messageState,
  reason: z.string().optional(),
  at: z.int(),
})
export type NotificationProgress = z.infer<typeof notificationProgress>
