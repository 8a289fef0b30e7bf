import { expect, it } from 'vitest'

import { answerSignup } from './signups.ts'
import type { Signup } from './signups.ts'

const asked: Signup = {
  id: 's1',
  contact: { channel: 'sms', address: '447700900123' },
  topic: 'MSFT',
  state: 'asked',
  turns: 0,
  createdAt: 0,
  expiresAt: 1_000,
}
const confirmed: Signup = { ...asked, state: 'confirmed', turns: 1 }
const declined: Signup = { ...asked, state: 'declined', turns: 1 }

it.each([
  ['a yes in time', asked, 'confirm', 999, confirmed],
  ['a no in time', asked, 'decline', 999, declined],
  ['a no that ends what was confirmed, long after', confirmed, 'decline', 9_000, { ...declined, turns: 2 }],
  ['a yes after a no', declined, 'confirm', 999, { ...confirmed, turns: 2 }],
] as const)('%s is the answer', (_, current, answer, at, next) => {
  expect(answerSignup(current, answer, at)).toEqual({ next, result: { kind: 'answered', signup: next } })
})

it('the same answer again changes nothing, and has the same outcome', () => {
  expect(answerSignup(confirmed, 'confirm', 999)).toEqual({ result: { kind: 'answered', signup: confirmed } })
})

it('a yes can come too late, and a sign-up can be gone', () => {
  expect(answerSignup(asked, 'confirm', 1_000)).toEqual({ result: { kind: 'expired' } })
  expect(answerSignup(undefined, 'decline', 0)).toEqual({ result: { kind: 'unknown' } })
})
