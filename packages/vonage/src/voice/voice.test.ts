import { describe, expect, test } from 'vitest'

import { echoNcco, sayNcco } from './ncco.ts'
import { parseAnswer } from './parse-answer.ts'
import { parseCallEvent } from './parse-call-event.ts'

const RECEIVED_AT = Date.UTC(2026, 0, 2, 3, 4, 10)
const AT = Date.UTC(2026, 0, 2, 3, 4, 5)

describe('NCCO', () => {
  const call = {
    greeting: 'Connecting you now',
    language: 'en-GB',
    socketUrl: 'wss://echo.example/socket',
    sampleRate: 16000 as const,
    token: 'token-1',
    headers: { uuid: 'leg-1', conversation_uuid: 'CON-1' },
    from: '447700900000',
    eventUrl: 'https://app.example/webhooks/events',
  }
  const connect = {
    action: 'connect',
    eventType: 'synchronous',
    eventUrl: ['https://app.example/webhooks/events'],
    from: '447700900000',
    endpoint: [
      {
        type: 'websocket',
        uri: 'wss://echo.example/socket',
        'content-type': 'audio/l16;rate=16000',
        headers: { uuid: 'leg-1', conversation_uuid: 'CON-1' },
        authorization: { type: 'custom', value: 'Bearer token-1' },
      },
    ],
  }

  test('talks, then connects', () => {
    expect(echoNcco(call)).toEqual([{ action: 'talk', text: 'Connecting you now', language: 'en-GB' }, connect])
  })

  test('leaves out what is not set', () => {
    const { eventUrl: _eventUrl, from: _from, ...rest } = connect
    expect(echoNcco({ ...call, greeting: '', from: undefined, eventUrl: undefined })).toEqual([rest])
  })

  test('keeps to the limits', () => {
    expect(() => echoNcco({ ...call, headers: { uuid: 'é'.repeat(256) } })).toThrow('512 bytes')
    expect(sayNcco({ text: 'a'.repeat(2000), language: 'ja-JP' })).toEqual([
      { action: 'talk', text: 'a'.repeat(1500), language: 'ja-JP' },
    ])
  })
})

describe('parseAnswer', () => {
  const query = { to: '447700900000', from: '447700900010', uuid: 'leg-1', conversation_uuid: 'CON-1' }

  test.each<[string, unknown, object]>([
    ['a query', query, {}],
    ['an app user', { ...query, from: undefined, from_user: 'alice' }, { from: 'alice' }],
    [
      'everything',
      { ...query, region_url: 'https://api-sg-1.nexmo.com', endpoint_type: 'phone', 'SipHeader_X-A': 'b' },
      { regionUrl: 'https://api-sg-1.nexmo.com' },
    ],
    ['a fallback', { ...query, reason: 'timeout', original_request: { url: 'x' } }, { reason: 'timeout' }],
  ])('%s', (_, params, changes) => {
    const value = { uuid: 'leg-1', conversationUuid: 'CON-1', from: '447700900010', to: '447700900000', ...changes }
    expect(parseAnswer(params)).toEqual({ kind: 'parsed', value })
  })

  test.each([undefined, null, {}, 'x', { ...query, uuid: 'x'.repeat(101) }])('unrecognised: %j', (params) => {
    expect(parseAnswer(params)).toMatchObject({ kind: 'unrecognised' })
  })
})

describe('parseCallEvent', () => {
  const event = {
    from: '447700900010',
    to: '447700900000',
    uuid: 'leg-1',
    conversation_uuid: 'CON-1',
    status: 'started',
    direction: 'inbound',
    timestamp: '2026-01-02T03:04:05.000Z',
  }
  const parsed = {
    uuid: 'leg-1',
    conversationUuid: 'CON-1',
    status: 'started',
    from: '447700900010',
    to: '447700900000',
    direction: 'inbound',
    at: AT,
    receivedAt: RECEIVED_AT,
  }

  test.each<[string, unknown, object]>([
    ['started', event, {}],
    ['answered', { ...event, status: 'answered', start_time: null, rate: null, network: null }, { status: 'answered' }],
    ['rejected', { ...event, status: 'rejected', detail: 'declined' }, { status: 'rejected', detail: 'declined' }],
    [
      'machine',
      { ...event, uuid: undefined, call_uuid: 'leg-1', status: 'machine', sub_state: 'beep_start' },
      { status: 'machine' },
    ],
    [
      'completed',
      {
        ...event,
        status: 'completed',
        duration: '2',
        price: 0.01,
        rate: '0.2',
        start_time: 'a',
        end_time: 'b',
        disconnected_by: 'user',
      },
      {
        status: 'completed',
        durationSeconds: '2',
        price: '0.01',
        rate: '0.2',
        startedAt: 'a',
        endedAt: 'b',
        disconnectedBy: 'user',
      },
    ],
    [
      'a WebSocket leg',
      { ...event, status: 'disconnected', to: 'wss://echo.example/socket', headers: { uuid: 'leg-0', n: 1 } },
      { status: 'disconnected', to: 'wss://echo.example/socket', headers: { uuid: 'leg-0', n: '1' } },
    ],
    ['headers of another shape', { ...event, headers: ['x'] }, {}],
    ['no timestamp', { ...event, timestamp: undefined }, { at: RECEIVED_AT }],
  ])('%s', (_, body, changes) => {
    expect(parseCallEvent(body, RECEIVED_AT)).toEqual({ kind: 'parsed', value: { ...parsed, ...changes } })
  })

  test('an error has a reason and no leg', () => {
    const body = { reason: 'Syntax error in NCCO', conversation_uuid: 'CON-1', timestamp: '2026-01-02T03:04:05.000Z' }
    expect(parseCallEvent(body, RECEIVED_AT)).toEqual({
      kind: 'parsed',
      value: { conversationUuid: 'CON-1', status: 'error', reason: body.reason, at: AT, receivedAt: RECEIVED_AT },
    })
  })

  test.each([
    { uuid: 'leg-1', dtmf: { digits: '1', timed_out: false } },
    { recording_url: 'https://x', conversation_uuid: 'CON-1' },
    { conversation_uuid_from: 'CON-1', conversation_uuid_to: 'CON-2', uuid: 'leg-1' },
    { ...event, status: 'transcribed' },
    { ...event, status: 'success' },
  ])('ignored: %j', (body) => {
    expect(parseCallEvent(body, RECEIVED_AT)).toMatchObject({ kind: 'ignored' })
  })

  test.each([undefined, null, 'x', [[]], {}, { uuid: 'leg-1' }, { ...event, status: 'levitating' }])(
    'unrecognised: %j',
    (body) => {
      expect(parseCallEvent(body, RECEIVED_AT)).toMatchObject({ kind: 'unrecognised' })
    },
  )
})
