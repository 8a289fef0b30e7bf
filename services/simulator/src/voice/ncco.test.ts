import { expect, test } from 'vitest'

import { checkNcco } from './ncco.ts'

test.each([
  [
    { action: 'record', endOnSilence: '4', timeOut: '60' },
    { endOnSilence: 4, timeOut: 60 },
  ],
  [{ action: 'talk', text: 'Hello', bargeIn: 'true' }, { bargeIn: true }],
  [
    { action: 'conversation', name: 'room', record: 'true', endOnExit: 'false' },
    { record: true, endOnExit: false },
  ],
  [
    { action: 'input', dtmf: { timeOut: '3', maxDigits: '1', submitOnHash: 'true' }, speech: { startTimeout: '5' } },
    { dtmf: { timeOut: 3, maxDigits: 1, submitOnHash: true }, speech: { startTimeout: 5 } },
  ],
  [
    { action: 'connect', timeout: '20', limit: '600', endpoint: [{ type: 'phone', number: '447700900011' }] },
    { timeout: 20, limit: 600 },
  ],
  [{ action: 'wait', timeout: '0.5' }, { timeout: 0.5 }],
])('numbers and switches of an NCCO may be text: %j', (action, read) => {
  expect(checkNcco([action])).toMatchObject({ ok: true, ncco: [read] })
})

test.each([
  { action: 'record', endOnSilence: '2' },
  { action: 'record', endOnSilence: '' },
  { action: 'record', endOnSilence: 'three' },
  { action: 'talk', text: 'Hello', bargeIn: 'yes' },
  { action: 'wait', timeout: true },
])('text that is neither is refused: %j', (action) => {
  expect(checkNcco([action])).toMatchObject({ ok: false })
})
