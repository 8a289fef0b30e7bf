import type { NotificationReply } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'

/** For tests: a question that can be answered for an hour. */
export function exampleNotification(change: Partial<NotificationRecord> = {}): NotificationRecord {
  return {
    id: 'n1',
    name: 'delivery',
    contact: { channel: 'sms', address: '447700900123' },
    text: 'Reply 1 or 2',
    variables: { name: 'Ada' },
    options: { '1': 'tomorrow', '2': 'Thursday' },
    texts: {
      acknowledgement: 'Thank you {name} for picking option {option} ({choice}).',
      askAgain: 'Please reply {options}.',
      handedOver: 'A person will look.',
      tooLate: 'Too late.',
    },
    warnings: [],
    createdAt: 0,
    expiresAt: 3_600_000,
    needsPerson: false,
    replies: [],
    ...change,
  }
}

export function exampleReply(text: string | null, change: Partial<NotificationReply> = {}): NotificationReply {
  return { id: `in-${text}`, notificationId: 'n1', text, sentAt: 1_000, receivedAt: 1_200, ...change }
}
