import { channel, messageState } from '@switchboard/contracts'
import { notificationState, replyOutcome, stateOfNotification } from '@switchboard/store'
import type { NotificationRecord } from '@switchboard/store'
import { z } from 'zod'

/** A notification as the API shows it. `queued`: accepted, nothing done yet. */
export const notificationView = z.object({
  id: z.string(),
  template: z.string(),
  channel,
  to: z.string(),
  state: notificationState,
  text: z.string(),
  /** What became of the message, as far as is known. */
  message: z.object({ state: messageState, reason: z.string().nullable(), at: z.iso.datetime() }).nullable(),
  options: z.record(z.string(), z.string()),
  choice: z
    .object({ option: z.string(), meaning: z.string(), reply: z.string().nullable(), at: z.iso.datetime() })
    .nullable(),
  needsPerson: z.boolean(),
  supersededBy: z.string().nullable(),
  warnings: z.array(z.string()),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  replies: z.array(
    z.object({
      text: z.string().nullable(),
      outcome: replyOutcome,
      option: z.string().nullable(),
      at: z.iso.datetime(),
    }),
  ),
})
export type NotificationView = z.infer<typeof notificationView>

export function viewNotification(record: NotificationRecord, now: number): NotificationView {
  const { id, name, contact, text, message, options, choice, needsPerson, supersededBy, warnings, replies } = record
  return {
    id,
    template: name,
    channel: contact.channel,
    to: contact.address,
    state: stateOfNotification(record, now),
    text,
    message: message ? { state: message.state, reason: message.reason ?? null, at: iso(message.at) } : null,
    options,
    choice: choice
      ? {
          option: choice.option,
          meaning: choice.label,
          reply: replies.find((each) => each.id === choice.replyId)?.text ?? null,
          at: iso(choice.receivedAt),
        }
      : null,
    needsPerson,
    supersededBy: supersededBy ?? null,
    warnings,
    createdAt: iso(record.createdAt),
    expiresAt: iso(record.expiresAt),
    replies: replies.map((each) => ({
      text: each.text,
      outcome: each.outcome,
      option: each.option ?? null,
      at: iso(each.receivedAt),
    })),
  }
}

export const notificationColumns =
  'id,template,channel,to,state,option,meaning,reply,chosen_at,message,reason,needs_person,warnings,created_at,expires_at'.split(
    ',',
  )

export function notificationCells(view: NotificationView): (string | undefined)[] {
  const { choice, message } = view
  return [
    view.id,
    view.template,
    view.channel,
    view.to,
    view.state,
    choice?.option,
    choice?.meaning,
    choice?.reply ?? undefined,
    choice?.at,
    message?.state,
    message?.reason ?? undefined,
    view.needsPerson ? 'yes' : 'no',
    view.warnings.join('; '),
    view.createdAt,
    view.expiresAt,
  ]
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
