import { stripVTControlCharacters } from 'node:util'

import { expect, test } from 'vitest'

import { toReadableLine } from './readable-log.ts'

const time = '2026-11-20T10:12:31.000Z'
const line = (fields: object) => JSON.stringify({ level: 30, time, service: 'outbound', ...fields })

test.each([
  [
    line({ msg: 'message.sent', channel: 'sms', parts: 2 }),
    /^\d\d:\d\d:31 outbound +message\.sent channel=sms parts=2$/,
  ],
  [line({ msg: 'x', problems: ['a', 'b'] }), /x problems=\["a","b"\]$/],
  [line({ msg: 'job.failed', error: { type: 'Error', message: 'no route', stack: 'at …' } }), /job\.failed no route$/],
  [line({ msg: 'x', from: 'a\n10:00:00 outbound all.well' }), /x from="a\\n10:00:00 outbound all\.well"$/],
  [line({ msg: 'x', error: { message: 'no \u001B[2Jroute' } }), /x no \uFFFD\[2Jroute$/],
  ['plain text', /^ +outbound +plain text$/],
  ['{"half": ', /outbound +\{"half": $/],
])('%s', (given, expected) => {
  expect(stripVTControlCharacters(toReadableLine('outbound', given).text)).toMatch(expected)
})

test.each([
  [line({ level: 30 }), false],
  [line({ level: 40 }), true],
  ['Error: at the start of a process there is no logger yet', true],
])('%s is a warning: %s', (given, expected) => {
  expect(toReadableLine('outbound', given).isWarning).toBe(expected)
})
