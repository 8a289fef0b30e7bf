import { expect, it } from 'vitest'

import { parseText } from './parse-text.ts'

const contentType = 'audio/l16;rate=16000'

it.each([
  [
    { event: 'websocket:connected', 'content-type': contentType, call_uuid: 'call-1', conversation_uuid: 'CON-1' },
    { kind: 'connected', contentType, callUuid: 'call-1' },
  ],
  [
    { event: 'websocket:connected', 'content-type': contentType },
    { kind: 'connected', contentType },
  ],
  [
    { event: 'websocket:connected', 'content-type': contentType, call_uuid: 7 },
    { kind: 'connected', contentType },
  ],
  [{ event: 'websocket:connected' }, { kind: 'junk' }],
  [
    { event: 'websocket:dtmf', digit: '*', duration: 220 },
    { kind: 'dtmf', digit: '*', durationMs: 220 },
  ],
  [
    { event: 'websocket:dtmf', digit: '7' },
    { kind: 'dtmf', digit: '7' },
  ],
  [{ event: 'websocket:dtmf', digit: 'hello' }, { kind: 'junk' }],
  [{ event: 'websocket:cleared' }, { kind: 'other', event: 'websocket:cleared' }],
  [
    { event: 'websocket:notify', payload: {} },
    { kind: 'other', event: 'websocket:notify' },
  ],
  [{ event: 'websocket:new-in-2027' }, { kind: 'other', event: 'websocket:new-in-2027' }],
  [{ event: 1 }, { kind: 'junk' }],
  [[], { kind: 'junk' }],
  [null, { kind: 'junk' }],
])('reads %j', (sent, expected) => {
  expect(parseText(JSON.stringify(sent))).toEqual(expected)
})

it.each(['', 'hello', '{"event":', '{"__proto__":{"event":"websocket:dtmf"}}', '\u0000'])(
  'does not trip over %j',
  (text) => {
    expect(parseText(text)).toEqual({ kind: 'junk' })
  },
)
