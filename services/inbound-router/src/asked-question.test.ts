import { templateMessageId } from '@switchboard/contracts'
import type { MessageState } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'
import { expect, it } from 'vitest'

import { askedQuestion } from './asked-question.ts'

const contact = { channel: 'sms', address: '447700900010' } as const
const question = (id: string): NotificationRecord => ({
  id,
  name: 'delivery',
  contact,
  text: 'Reply 1',
  variables: {},
  options: { '1': 'yes' },
  texts: { acknowledgement: '', askAgain: '', handedOver: '', tooLate: '' },
  warnings: [],
  createdAt: 0,
  expiresAt: 1,
  needsPerson: false,
  replies: [],
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
  const found = await askedQuestion(contact, {
    notifications: { askedOf: async () => [question('new'), question('old')] },
    ledger: {
      get: async (id) => {
        const state = states[id]
        if (!state) return undefined
        return { channel: 'sms', to: '', text: '', purpose: 'notification', state, events: [], uuids: {}, createdAt: 0 }
      },
    },
  })
  expect(found?.id).toBe(expected)
})
