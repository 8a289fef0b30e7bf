import { derivedId, notificationFollowUpId, notificationMessageId } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'

import { answerText } from './answer-text.ts'

type Reply = NotificationRecord['replies'][number]

/** What must exist in the world for a notification to be as its record says. The id of a message is its own. */
export type NotificationObligation = { id: string } & (
  | { kind: 'listed' }
  | { kind: 'superseding'; notificationId: string }
  | { kind: 'question' }
  | { kind: 'answer'; reply: Reply; text: string }
  | { kind: 'person'; why: 'invalid-replies' | 'unsent'; text: string | null; createdAt: number }
  | { kind: 'no-person' }
)

/** What an answer could be meant for is settled before anybody is asked. */
export function notificationObligations(record: NotificationRecord): NotificationObligation[][] {
  const { replaces } = record
  return [
    [
      { id: 'listed', kind: 'listed' },
      ...(replaces === undefined
        ? []
        : [{ id: 'superseding', kind: 'superseding' as const, notificationId: replaces }]),
    ],
    [...question(record), ...record.replies.flatMap((reply) => ofReply(record, reply)), ...unsent(record)],
  ]
}

/** Until it is known what became of it: from then on it is outbound's. */
function question({ id, message, supersededBy }: NotificationRecord): NotificationObligation[] {
  return message || supersededBy !== undefined ? [] : [{ id: notificationMessageId(id), kind: 'question' }]
}

function ofReply(record: NotificationRecord, reply: Reply): NotificationObligation[] {
  const text = answerText(record, reply)
  const owed: NotificationObligation[] =
    text === undefined ? [] : [{ id: derivedId('re', reply.id), kind: 'answer', reply, text }]
  if (reply.outcome === 'choice') owed.push({ id: `no-person-${reply.id}`, kind: 'no-person' })
  if (reply.outcome === 'handed-over' && !record.choice) {
    const { text: words, receivedAt: createdAt } = reply
    owed.push({ id: notificationFollowUpId(record.id), kind: 'person', why: 'invalid-replies', text: words, createdAt })
  }
  return owed
}

function unsent({ id, message }: NotificationRecord): NotificationObligation[] {
  if (message?.state !== 'dropped') return []
  return [{ id: derivedId('unsent', id), kind: 'person', why: 'unsent', text: null, createdAt: message.at }]
}
