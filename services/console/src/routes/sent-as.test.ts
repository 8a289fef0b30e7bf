import type { LedgerRecord } from '@switchboard/store'
import { expect, it } from 'vitest'

import { conversationOf } from './conversation.ts'
import { sentAs } from './sent-as.ts'

const alone: LedgerRecord = {
  channel: 'sms',
  to: '447700900011',
  text: 'Disk full',
  purpose: 'alert',
  about: { kind: 'alert', step: { alertId: 'alert-1', round: 0, user: 0, channel: 0 } },
  state: 'delivered',
  events: [],
  uuids: {},
  createdAt: 1_000,
}
/** Two alerts in one message. */
const together: LedgerRecord = { ...alone, text: '2 alerts', about: { kind: 'bundle', members: [] } }
const member: LedgerRecord = { ...alone, text: '', state: 'sending', bundle: 'bundle-1' }
const records: Record<string, LedgerRecord> = { alone, member, 'bundle-1': together, lost: { ...member, bundle: 'x' } }
const ledger = { get: async (id: string) => records[id] }

it.each([
  ['alone', { id: 'alone', record: alone, queue: 'outbound-sms' }],
  ['member', { id: 'bundle-1', record: together, queue: 'alert-bundle' }],
  ['lost', { id: 'lost', queue: 'outbound-sms' }],
  ['nope', undefined],
])('a message is looked at as it left: %s', async (id, expected) => {
  const sent = await sentAs(id, ledger)
  if (expected === undefined) expect(sent).toBeUndefined()
  else expect(sent).toMatchObject(expected)
})

it('a conversation has what left, once', () => {
  const messages = Object.entries({ alone, member, together }).map(([id, record]) => ({ ...record, id }))
  const { turns } = conversationOf({ inbound: [], messages, calls: [] }, { withUpdates: false })
  expect(turns.map((turn) => (turn.kind === 'outbound' ? turn.message.text : turn.kind))).toEqual([
    'Disk full',
    '2 alerts',
  ])
})
