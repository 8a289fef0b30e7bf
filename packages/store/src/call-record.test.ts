import type { CallEvent } from '@switchboard/contracts'
import { describe, expect, it } from 'vitest'

import { callOf, recordCallEvent } from './call-record.ts'
import type { CallRecord } from './call-record.ts'

const start = 1_790_000_000_000
const caller = {
  uuid: 'leg-a',
  conversationUuid: 'CON-1',
  from: '447700900010',
  to: '447700900000',
  direction: 'inbound',
}
const socket = { uuid: 'leg-b', conversationUuid: 'CON-1', to: 'wss://echo/socket', headers: { call_uuid: 'leg-a' } }

function event(status: string, seconds: number, fields: Partial<CallEvent> = {}): CallEvent {
  return { ...caller, status, at: start + seconds * 1_000, receivedAt: start + seconds * 1_000 + 50, ...fields }
}

const whole = [
  event('started', 0),
  event('ringing', 0.1),
  event('answered', 1),
  event('started', 3, socket),
  event('answered', 4, socket),
  event('completed', 14, { ...socket, durationSeconds: '10', price: '0.0100', rate: '0.06' }),
  event('completed', 15, { durationSeconds: '14', price: '0.0500', rate: '0.20', disconnectedBy: 'user' }),
]

function replay(events: CallEvent[]): CallRecord | undefined {
  let call: CallRecord | undefined
  for (const one of events) call = recordCallEvent(call, callOf(one) ?? 'leg-a', one).result
  return call
}

describe('recordCallEvent', () => {
  it('tells the whole call: who, how long, at what price', () => {
    expect(replay(whole)).toMatchObject({
      uuid: 'leg-a',
      conversationUuid: 'CON-1',
      state: 'completed',
      from: '447700900010',
      to: '447700900000',
      startedAt: start,
      answeredAt: start + 1_000,
      endedAt: start + 15_000,
      legs: {
        'leg-a': { kind: 'phone', state: 'completed', durationSeconds: '14', price: '0.0500', disconnectedBy: 'user' },
        'leg-b': { kind: 'websocket', state: 'completed', durationSeconds: '10', price: '0.0100' },
      },
    })
  })

  it('ends the same in any order', () => {
    const expected = replay(whole)
    expect(replay(whole.toReversed())).toEqual(expected)
    expect(replay([...whole.slice(3), ...whole.slice(0, 3)])).toEqual(expected)
  })

  it('does nothing for an event that it has', () => {
    const call = replay(whole)
    for (const one of whole) expect(recordCallEvent(call, 'leg-a', one).next).toBeUndefined()
  })

  it.each([
    [['answered', 'ringing'], 'answered'],
    [['completed', 'answered'], 'completed'],
    [['failed', 'completed'], 'failed'],
    [['started', 'human'], 'started'],
    [['busy', 'ringing', 'started'], 'busy'],
    [['something-new'], 'unknown'],
  ])('after %j the call is %s', (statuses, state) => {
    expect(replay(statuses.map((status, number) => event(status, number)))?.state).toBe(state)
  })

  it('leaves the state to the leg of the caller', () => {
    const call = replay([event('answered', 1), event('failed', 2, { ...socket, detail: 'cannot_route' })])
    expect(call?.state).toBe('answered')
    expect(call?.legs['leg-b']).toMatchObject({ state: 'failed', detail: 'cannot_route' })
  })

  it('keeps an error without a leg as an entry', () => {
    const call = replay([event('answered', 1), event('error', 2, { uuid: undefined, reason: 'Invalid NCCO' })])
    expect(call?.events.at(-1)).toMatchObject({ status: 'error', detail: 'Invalid NCCO' })
    expect(call?.state).toBe('answered')
  })
})
