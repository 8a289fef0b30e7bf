import type { NotificationRecord } from '@switchboard/store'
import { expect, it } from 'vitest'

import { decideReply } from './decide-reply.ts'
import { markSuperseded } from './notification-of.ts'
import { notificationObligations } from './obligations.ts'
import { recordProgress } from './progress-handler.ts'
import { exampleNotification, exampleReply } from './testing/example-notification.ts'

const progress = { notificationId: 'n1', messageId: 'm1', at: 5 } as const
const delivered = recordProgress(exampleNotification(), { ...progress, state: 'delivered' })
const dropped = recordProgress(exampleNotification(), { ...progress, state: 'dropped', reason: 'expired' })
const replied = (...texts: string[]) =>
  texts.map((text) => exampleReply(text)).reduce((record, reply) => decideReply(record, reply), delivered)
const overtaken = markSuperseded(exampleNotification(), 'n2') ?? expect.fail('no record')

it.each<[string, NotificationRecord, string[]]>([
  ['that is new', exampleNotification(), ['listed', 'question']],
  ['that replaces another one', exampleNotification({ replaces: 'n0' }), ['listed', 'superseding', 'question']],
  ['that a newer one has overtaken', overtaken, ['listed']],
  ['whose message is known', delivered, ['listed']],
  ['whose message could not be sent in time', dropped, ['listed', 'person']],
  ['answered', replied('1'), ['listed', 'answer', 'no-person']],
  ['answered with nonsense', replied('a'), ['listed', 'answer']],
  ['that a person takes over', replied('a', 'b', 'c', 'd', 'e'), ['listed', ...Array(4).fill('answer'), 'person']],
  [
    'answered after all',
    replied('a', 'b', 'c', 'd', '1'),
    ['listed', ...Array(4).fill('answer'), 'answer', 'no-person'],
  ],
])('a notification %s owes as much', (_, record, kinds) => {
  expect(
    notificationObligations(record)
      .flat()
      .map(({ kind }) => kind),
  ).toEqual(kinds)
})

it('progress only moves forward', () => {
  expect(delivered.message).toEqual({ id: 'm1', state: 'delivered', at: 5 })
  expect(recordProgress(delivered, { ...progress, state: 'accepted' })).toBe(delivered)
  expect(dropped).toMatchObject({ needsPerson: true, message: { state: 'dropped', reason: 'expired' } })
})
