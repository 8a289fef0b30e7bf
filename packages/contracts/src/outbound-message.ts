import { z } from 'zod'

import { address, alertChannel } from './channel.ts'
import { messageMedia, messageParts } from './message-content.ts'
import { messageTemplate } from './message-template.ts'

/** One channel of one user of one alert. */
export const stepRef = z.object({
  alertId: z.string(),
  round: z.int().min(0),
  user: z.int().min(0),
  channel: z.int().min(0),
  /** Counts on when the step is asked again because it could not be asked before. */
  pass: z.int().min(1).optional(),
})
export type StepRef = z.infer<typeof stepRef>

/** A button that answers for whoever presses it. */
export const replyButton = z.object({
  /** What comes back when it is pressed. */
  id: z.string().min(1).max(200),
  title: z.string().min(1).max(100),
})
export type ReplyButton = z.infer<typeof replyButton>

/** Why we send (`message`: a program asked for it by the API): decides priority, consent rules and what happens when the outcome is unknown. */
export const purpose = z.enum(['alert', 'reply', 'notification', 'message', 'feed'])
export type Purpose = z.infer<typeof purpose>

export const feedSubject = z.object({ kind: z.literal('feed'), topic: z.string(), tick: z.int() })

const ofAlert = z.object({
  kind: z.literal('alert'),
  step: stepRef,
  /** Every status is passed on: a caller of our Dispatch endpoint wants them all. */
  isReported: z.boolean().optional(),
})
const ofClosing = z.object({ kind: z.literal('alert-closing'), alertId: z.string() })

/** One message among several that go out as one. What becomes of that one becomes of each. */
export const bundleMember = z.object({
  /** Of the message that it would be alone. */
  id: z.string().max(40),
  about: z.discriminatedUnion('kind', [ofAlert, ofClosing]),
  /** After this moment it is left out. */
  expiresAt: z.int().optional(),
})
export type BundleMember = z.infer<typeof bundleMember>

/** What an outbound message belongs to. */
export const messageSubject = z.discriminatedUnion('kind', [
  ofAlert,
  ofClosing,
  z.object({ kind: z.literal('bundle'), members: z.array(bundleMember) }),
  feedSubject,
  z.object({ kind: z.literal('notification'), notificationId: z.string() }),
])
export type MessageSubject = z.infer<typeof messageSubject>

/** How a phone call is held. */
export const callSettings = z.object({
  /** Where Vonage tells which key was pressed. */
  keysUrl: z.url(),
  /** Where it tells what becomes of the call. */
  eventsUrl: z.url().optional(),
  /** BCP 47, such as `en-GB`. */
  language: z.string(),
  style: z.int().optional(),
  /** A machine that answers is left the text. */
  leavesText: z.boolean().optional(),
  ringingSeconds: z.int().min(1).max(120),
})
export type CallSettings = z.infer<typeof callSettings>

/** What we send a contact; on `voice` what is said in a call. */
export const outboundMessage = z.object({
  /** Ours; travels as `client_ref`, so at most 40 characters. */
  id: z.string().min(1).max(40),
  channel: alertChannel,
  to: address,
  /** Replaces the configured sender of the channel. */
  from: z.string().min(1).max(50).optional(),
  text: z.string().min(1).max(4096),
  purpose,
  createdAt: z.int(),
  /** After this moment it is stale: dropped and counted instead of sent. */
  expiresAt: z.int().optional(),
  /** Sent although consent is off: the one confirmation of an opt-out, and the help that somebody asks for. */
  ignoresConsent: z.boolean().optional(),
  /** Sent although the contact has had its share of automatic replies: the confirmation of an opt-out. */
  ignoresReplyLimit: z.boolean().optional(),
  /** Sent on WhatsApp outside the 24-hour window instead of the text, in place of the configured one. */
  template: messageTemplate.optional(),
  /** Shown where the channel has buttons and the text fits; elsewhere the text says what to type. */
  buttons: z.array(replyButton).optional(),
  /** The content goes out instead of the text, which then says what it was to whoever looks it up. */
  ...messageParts.shape,
  /** Goes out with the text. */
  media: messageMedia.optional(),
  /** When the message that this one answers reached us: how long people wait is measured from there. */
  answersSince: z.int().optional(),
  /** Of a message that is spoken. */
  call: callSettings.optional(),
  /** What it belongs to, checked again right before the send. */
  about: messageSubject.optional(),
})
export type OutboundMessage = z.infer<typeof outboundMessage>

/** Alerts before replies before feeds. */
export const priorityOf: Record<Purpose, number> = { alert: 1, reply: 2, notification: 2, message: 2, feed: 3 }
