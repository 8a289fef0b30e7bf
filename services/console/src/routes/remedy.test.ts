import { expect, it } from 'vitest'

import { remedyOf } from './remedy.ts'

it.each([
  ['refused: Partner quota exceeded (1070)', 'top up'],
  ['refused: Invalid sender (1120)', 'correct the sender'],
  ['refused: Invalid params: image.url is required. (1150)', 'Mend what it names'],
  ['The payload of call-event ev-1 is not valid: no status', 'another version'],
  ['The webhook w1 cannot be signed: VONAGE_SIGNATURE_SECRET is not set', 'set what it names'],
  ['There is no notification "x" in the configuration', 'set what it names'],
  ['http://crm.example answered 403', 'whoever runs it'],
  ['connect ECONNREFUSED 10.0.0.1:443', 'When it can be again'],
])('%s: says what to do', (reason, words) => {
  expect(remedyOf(reason)).toContain(words)
})

it('says nothing where it knows nothing', () => {
  expect(remedyOf('The record m7 changed 100 times')).toBeUndefined()
})
