import { derivedId } from '@switchboard/contracts'
import type { NotificationReply, OutboundMessage } from '@switchboard/contracts'
import type { FollowUps, NotificationRecord, Notifications } from '@switchboard/store'

import { answerText } from './answer-text.ts'
import { decideReply } from './decide-reply.ts'
import type { ReplyDecision } from './decide-reply.ts'

export interface ReplyDeps {
  notifications: Pick<Notifications, 'get' | 'update'>
  followUps: Pick<FollowUps, 'add' | 'finish'>
  send: (message: OutboundMessage) => Promise<void>
  now: () => number
  log: { info: (fields: object, event: string) => void }
}

/** Handles a reply to a notification. Everything it does follows from the record, so it may run again. */
export function createReplyHandler(deps: ReplyDeps) {
  return async (reply: NotificationReply): Promise<void> => {
    const { notificationId } = reply
    const decided = await deps.notifications.update<ReplyDecision['result'] | undefined>(notificationId, (record) =>
      record ? decideReply(record, reply) : { result: undefined },
    )
    const record = await deps.notifications.get(notificationId)
    if (!decided || !record) {
      deps.log.info({ notificationId, replyId: reply.id }, 'notification.unknown')
      return
    }
    await followUp(record, reply, decided, deps)
    await answer(record, reply, decided, deps)
    deps.log.info({ notificationId, replyId: reply.id, outcome: decided.outcome }, 'notification.replied')
  }
}

async function followUp(
  { id, contact }: NotificationRecord,
  { text, receivedAt }: NotificationReply,
  { outcome }: ReplyDecision['result'],
  { followUps }: ReplyDeps,
): Promise<void> {
  const followUpId = derivedId('follow', id)
  if (outcome === 'choice') await followUps.finish(followUpId)
  if (outcome !== 'handed-over') return
  const kept = { contact, text: text?.slice(0, 500) ?? null, notificationId: id, createdAt: receivedAt }
  await followUps.add({ id: followUpId, kind: 'invalid-replies', ...kept })
}

async function answer(
  record: NotificationRecord,
  reply: NotificationReply,
  decided: ReplyDecision['result'],
  { send, now }: ReplyDeps,
): Promise<void> {
  const text = answerText(record, decided)
  if (text === undefined) return
  await send({
    id: derivedId('re', reply.id),
    channel: record.contact.channel,
    to: record.contact.address,
    text,
    purpose: 'reply',
    answersSince: reply.receivedAt,
    createdAt: now(),
  })
}
