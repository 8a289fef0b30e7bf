import type { CallEvent } from '@switchboard/contracts'
import { describe, expect, test } from 'vitest'

import { testMessage } from '../testing/stub-vonage.ts'
import { callBody } from './call-body.ts'
import { callOutcome } from './call-outcome.ts'
import { parseKey } from './parse-key.ts'

const AT = Date.UTC(2026, 0, 2, 3, 4, 5)
const keysUrl = 'https://app.example/webhooks/call-key/token'

describe('callBody', () => {
  test('speaks the text and asks for a key', () => {
    const call = { keysUrl, language: 'en-GB', ringingSeconds: 30 }
    expect(callBody({ ...testMessage({ to: '447700900012', text: 'db-7 is down' }), call }, '447700900000')).toEqual({
      to: [{ type: 'phone', number: '447700900012' }],
      from: { type: 'phone', number: '447700900000' },
      ncco: [
        { action: 'talk', text: 'db-7 is down', language: 'en-GB', bargeIn: true },
        {
          action: 'input',
          type: ['dtmf'],
          dtmf: { maxDigits: 1, timeOut: 10 },
          eventUrl: [keysUrl],
          eventMethod: 'POST',
        },
      ],
      machine_detection: 'hangup',
      ringing_timer: 30,
      length_timer: 180,
    })
  })

  test('names the voice, tells the events of this call where to go, and leaves its text on a machine if it is to', () => {
    const eventsUrl = 'https://app.example/webhooks/call-events/token?leavesText=true'
    const call = { keysUrl, eventsUrl, language: 'de-DE', style: 2, ringingSeconds: 30, leavesText: true }
    const body = callBody({ ...testMessage({}), call }, '447700900000')
    expect(body).toMatchObject({ event_url: [eventsUrl], event_method: 'POST', machine_detection: 'continue' })
    expect(body.ncco[0]).toMatchObject({ action: 'talk', language: 'de-DE', style: 2 })
  })

  test('refuses what is not meant to be spoken', () => {
    expect(() => callBody(testMessage({}), '447700900000')).toThrow('not for a call')
  })
})

describe('callOutcome', () => {
  const event: CallEvent = { uuid: 'leg-1', status: 'started', direction: 'outbound', at: AT, receivedAt: AT + 1 }
  const outcome = { kind: 'message', messageUuid: 'leg-1', at: AT, receivedAt: AT + 1 }

  test.each(['started', 'ringing', 'answered', 'human'])('%s: it is under way', (status) => {
    expect(callOutcome({ ...event, status }, false)).toEqual({ ...outcome, state: 'submitted' })
  })

  test.each([
    ['busy', undefined, 'busy'],
    ['rejected', 'declined', 'declined'],
    ['rejected', 'invalid_number', 'invalid_number'],
    ['unanswered', 'timeout', 'nobody answered'],
    ['timeout', undefined, 'nobody answered'],
    ['failed', 'cannot_route', 'the call failed'],
    ['cancelled', undefined, 'cancelled'],
    ['machine', undefined, 'a machine answered'],
    ['completed', undefined, 'no key was pressed'],
  ])('%s (%s): nobody has heard it', (status, detail, reason) => {
    const error = { code: status, reason }
    const seen = callOutcome({ ...event, status, ...(detail === undefined ? {} : { detail }), price: '0.01' }, false)
    expect(seen).toEqual({ ...outcome, state: 'undeliverable', error, price: '0.01' })
  })

  test('a machine that is left the text: the call goes on, and its end is that of the step', () => {
    const left = { ...event, messageId: 'm1', leavesText: true }
    const about = { ...outcome, clientRef: 'm1' }
    expect(callOutcome({ ...left, status: 'machine' }, true)).toEqual({ ...about, state: 'submitted' })
    expect(callOutcome({ ...left, status: 'completed' }, true)).toMatchObject({
      ...about,
      state: 'undeliverable',
      error: { reason: 'a machine answered, which has the text' },
    })
  })

  test.each<[string, Partial<CallEvent>]>([
    ['a call to us', { direction: 'inbound' }],
    ['the leg of the echo', { to: 'wss://echo.example/socket' }],
    ['no leg', { uuid: undefined, status: 'error' }],
    ['a status of something else', { status: 'disconnected' }],
  ])('%s says nothing', (_, changes) => {
    expect(callOutcome({ ...event, ...changes }, false)).toBeUndefined()
  })
})

describe('parseKey', () => {
  test.each<[unknown, string]>([
    [{ digits: '1', timed_out: false }, '1'],
    [{ digits: '', timed_out: true }, ''],
    ['2', '2'],
    [undefined, ''],
  ])('%j', (dtmf, key) => {
    const body = { uuid: 'leg-1', timestamp: '2026-01-02T03:04:05.000Z', dtmf }
    expect(parseKey(body, AT + 9)).toEqual({ kind: 'parsed', value: { uuid: 'leg-1', key, at: AT } })
  })

  test.each([undefined, 'x', {}, { dtmf: { digits: '1' } }])('unrecognised: %j', (body) => {
    expect(parseKey(body, AT)).toMatchObject({ kind: 'unrecognised' })
  })
})
