import type { SignupAnswer } from '@switchboard/contracts'
import type { Signup } from '@switchboard/store'
import { expect, it } from 'vitest'

import { answerSignup, signupObligations } from './signup.ts'

const asked: Signup = {
  id: 's1',
  contact: { channel: 'sms', address: '447700900123' },
  topic: 'MSFT',
  state: 'asked',
  turns: 0,
  createdAt: 0,
  expiresAt: 1_000,
}
const said = (answer: SignupAnswer['answer'], at: number): SignupAnswer => {
  return { kind: 'answer', signupId: 's1', answer, via: 'link', at }
}
const confirmed = answerSignup(asked, said('confirm', 500))
const declined = answerSignup(asked, said('decline', 500))

it.each([
  ['a yes in time', asked, 'confirm', 999, { state: 'confirmed', turns: 1 }],
  ['a no in time', asked, 'decline', 999, { state: 'declined', turns: 1 }],
  ['a no that ends what was confirmed, long after', confirmed, 'decline', 9_000, { state: 'declined', turns: 2 }],
  ['a yes after a no', declined, 'confirm', 999, { state: 'confirmed', turns: 2 }],
] as const)('%s is the answer', (_, current, answer, at, next) => {
  expect(answerSignup(current, said(answer, at))).toEqual({ ...current, ...next, answer: { via: 'link', at } })
})

it.each([
  ['the same answer again', confirmed, 'confirm', 999],
  ['a yes that comes too late', asked, 'confirm', 1_000],
  ['an answer that a newer one has overtaken', declined, 'confirm', 400],
] as const)('%s changes nothing', (_, current, answer, at) => {
  expect(answerSignup(current, said(answer, at))).toBe(current)
})

it.each<[string, Signup, string[]]>([
  ['that is asked', asked, ['listed', 'question']],
  ['that is confirmed', confirmed, ['listed', 'consent', 'subscribed']],
  ['that is declined', declined, ['listed', 'unsubscribed']],
  ['that an older version saw answered', { ...asked, state: 'confirmed', turns: 1 }, ['listed']],
])('a sign-up %s owes as much', (_, signup, kinds) => {
  expect(
    signupObligations(signup)
      .flat()
      .map(({ kind }) => kind),
  ).toEqual(kinds)
})
