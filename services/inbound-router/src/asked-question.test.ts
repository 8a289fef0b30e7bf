import { templateMessageId } from '@switchboard/contracts'
import type { InboundMessage, MessageState } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'
import { expect, it } from 'vitest'

import { askedQuestion, meantQuestion } from './asked-question.ts'

const contact = { channel: 'sms', address: '447700900010' } as const
const message: InboundMessage = {
  id: 'in-1',
  channel: 'sms',
  from: contact.address,
  to: '447700900000',
  kind: 'text',
  text: '1',
  sentAt: 5_000,
  receivedAt: 5_400,
}
const question = (id: string, more: Partial<NotificationRecord> = {}): NotificationRecord => ({
  id,
  name: 'delivery',
  contact,
  text: 'Reply 1',
  variables: {},
  options: { '1': 'yes' },
  texts: { acknowledgement: '', askAgain: '', handedOver: '', tooLate: '' },
  warnings: [],
  createdAt: 0,
  expiresAt: 60_000,
  needsPerson: false,
  replies: [],
  ...more,
})

it.each<[string, MessageState | undefined, MessageState, string, MessageState?]>([
  ['the newest, when its template arrived in place of its text', 'rejected', 'read', 'new', 'accepted'],
  ['the one before, when neither did', 'rejected', 'read', 'old', 'rejected'],
  ['the newest, when it has arrived', 'delivered', 'delivered', 'new'],
  ['the newest, when it may have', 'unknown', 'delivered', 'new'],
  ['the one before, when the newest was refused', 'refused', 'delivered', 'old'],
  ['the one before, when the newest still waits to be sent', undefined, 'delivered', 'old'],
  ['the one before, when the newest did not arrive', 'rejected', 'read', 'old'],
  ['the newest, when none has arrived', 'refused', 'refused', 'new'],
])('an answer is meant for %s', async (_, newState, oldState, expected, asTemplate) => {
  const states: Record<string, MessageState | undefined> = {
    'ask-new': newState,
    'ask-old': oldState,
    [templateMessageId('ask-new')]: asTemplate,
  }
  const found = await askedQuestion(message, {
    notifications: { askedOf: async () => [question('new'), question('old')] },
    ledger: {
      get: async (id) => {
        const state = states[id]
        if (!state) return undefined
        return { channel: 'sms', to: '', text: '', purpose: 'notification', state, events: [], uuids: {}, createdAt: 0 }
      },
    },
  })
  expect(found?.record.id).toBe(expected)
})

it.each<[string, number, string]>([
  ['one asked after it was written, however late it comes', 6_000, 'old'],
  ['one asked in the second that it was written in', 5_999, 'new'],
])('of two that have arrived, not %s', async (_, createdAt, expected) => {
  const found = await askedQuestion(message, {
    notifications: { askedOf: async () => [question('new', { createdAt }), question('old')] },
    ledger: {
      get: async () => ({
        channel: 'sms',
        to: '',
        text: '',
        purpose: 'notification',
        state: 'delivered',
        events: [],
        uuids: {},
        createdAt: 0,
      }),
    },
  })
  expect(found?.record.id).toBe(expected)
})

const numbers = { '1': 'tomorrow', '2': 'Thursday' }
const words = { yes: 'we come', no: 'we do not come' }
const choice = { option: '1', label: 'tomorrow', replyId: 'in-0', sentAt: 0, receivedAt: 0 }

it.each<[string, string, Partial<NotificationRecord>, Partial<NotificationRecord>, string, boolean]>([
  ['a number that both have: the later one', '2', { options: numbers }, { options: numbers }, 'new', true],
  ['a word of the later one', 'yes', { options: words }, { options: numbers }, 'new', true],
  ['a word of the earlier one', 'no', { options: numbers }, { options: words }, 'old', true],
  ['no option of either', 'hm', { options: numbers }, { options: words }, 'new', true],
  [
    'a word of the earlier one, which is over',
    'no',
    { options: numbers },
    { options: words, expiresAt: 1 },
    'new',
    false,
  ],
  [
    'a number, after the earlier one was answered',
    '2',
    { options: numbers },
    { options: numbers, choice },
    'new',
    false,
  ],
  ['a change of mind about the later one', '2', { options: numbers, choice }, { options: numbers }, 'new', true],
  ['a change of mind about the earlier one', 'no', { options: numbers }, { options: words, choice }, 'old', true],
])('of two questions: %s', (_, text, newer, older, meant, isOneOfSeveral) => {
  const found = meantQuestion({ ...message, text }, [question('new', newer), question('old', older)])
  expect({ meant: found?.record.id, isOneOfSeveral: found?.isOneOfSeveral }).toEqual({ meant, isOneOfSeveral })
})
