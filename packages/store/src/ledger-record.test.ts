import { messageState } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { claimMessage, recordEvent, refuseMessage } from './ledger-record.ts'
import type { LedgerEvent, LedgerRecord } from './ledger-record.ts'

const message: OutboundMessage = {
  id: 'm1',
  channel: 'sms',
  to: '447700900010',
  text: 'MSFT 420.00',
  purpose: 'feed',
  createdAt: 1,
}

function claimed(): LedgerRecord {
  const { result } = claimMessage(undefined, message, { now: 1, claimant: 'me' })
  return result.record
}

/** `accepted a b` is an acceptance with two uuids. */
function event(line: string): LedgerEvent {
  const [state, ...uuids] = line.split(' ')
  return { state: messageState.parse(state), at: 2, ...(uuids.length > 0 ? { uuids } : {}) }
}

function after(...lines: string[]): LedgerRecord {
  return lines.reduce((record, line) => recordEvent(record, event(line)).result, claimed())
}

describe('claimMessage', () => {
  it.each([
    ['a new message', undefined, 'claimed'],
    ['one that was released', after('released'), 'claimed'],
    ['one that is being sent', claimed(), 'taken'],
    ['one that was accepted', after('accepted a'), 'taken'],
    ['one of unknown outcome', after('unknown'), 'taken'],
    ['one that was refused', after('refused'), 'claimed'],
  ] as const)('%s is %s', (_, record, kind) => {
    const { next, result } = claimMessage(record, message, { now: 5, claimant: 'other' })
    expect(result.kind).toBe(kind)
    expect(next?.state).toBe(kind === 'claimed' ? 'sending' : undefined)
  })

  it('knows its own claim again: Redis may be asked twice when a connection breaks', () => {
    expect(claimMessage(claimed(), message, { now: 5, claimant: 'me' })).toEqual({
      result: { kind: 'claimed', record: claimed() },
    })
  })

  it('does not take a message for unsent that its own claim has already sent', () => {
    expect(claimMessage(after('accepted a'), message, { now: 5, claimant: 'me' }).result.kind).toBe('taken')
  })
})

it('keeps no token of a link: whoever reads the ledger cannot act as the recipient', () => {
  const linked = { ...message, text: 'Acknowledge: https://a.example/a/0-alert-1.tl3k2a.abcdefghijklmnopqrst_-' }
  const shown = 'Acknowledge: https://a.example/a/••••••'
  const released = { ...after('released'), text: linked.text }
  for (const before of [undefined, released])
    expect(claimMessage(before, linked, { now: 1, claimant: 'me' }).result.record.text).toBe(shown)
  expect(refuseMessage(undefined, linked, { state: 'dropped', at: 5 }).result.record.text).toBe(shown)
})

it.each([
  ['never claimed', undefined, 'claimed'],
  ['released', after('released'), 'claimed'],
  ['under way', claimed(), 'taken'],
  ['accepted', after('accepted a'), 'taken'],
] as const)('a message that was %s can be refused: %s', (_, record, kind) => {
  const { next, result } = refuseMessage(record, message, { state: 'dropped', at: 5, reason: 'stale' })
  expect(result.kind).toBe(kind)
  expect(next?.state).toBe(kind === 'claimed' ? 'dropped' : undefined)
})

describe('recordEvent', () => {
  it.each([
    [['accepted a', 'submitted a', 'delivered a', 'read a'], 'read'],
    [['read a', 'delivered a', 'submitted a', 'accepted a'], 'read'],
    [['accepted a', 'submitted a', 'submitted a'], 'submitted'],
    [['submitted a', 'accepted a'], 'submitted'],
    [['accepted a', 'rejected a', 'delivered a'], 'delivered'],
    [['unknown', 'delivered a'], 'delivered'],
    [['released'], 'released'],
    [['accepted a', 'released'], 'accepted'],
    [['accepted a b', 'delivered a'], 'accepted'],
    [['accepted a b', 'submitted a', 'delivered b'], 'submitted'],
    [['accepted a b', 'delivered a', 'delivered b'], 'delivered'],
    [['accepted a b', 'delivered a', 'rejected b'], 'rejected'],
    [['accepted a b', 'rejected b', 'delivered a', 'delivered b'], 'delivered'],
  ])('%o ends %s', (lines, state) => expect(after(...lines).state).toBe(state))

  it('keeps the reason, the error and the last 40 events', () => {
    const error = { code: '1240', reason: 'opted out' }
    const rejected = recordEvent(claimed(), { state: 'rejected', at: 9, reason: 'opted out', error }).result
    expect(rejected).toMatchObject({
      error,
      events: [
        { state: 'sending', at: 1 },
        { state: 'rejected', reason: 'opted out' },
      ],
    })
    expect(after(...Array.from({ length: 60 }, () => 'submitted a')).events).toHaveLength(40)
  })
})
