import { derivedId } from '@switchboard/contracts'
import type { SignupAnswer } from '@switchboard/contracts'
import type { Signup } from '@switchboard/store'

/** Of a sign-up that has been answered. */
type Answer = NonNullable<Signup['answer']>

/** What must exist in the world for a sign-up to be as its record says. */
export type SignupObligation = { id: string } & (
  | { kind: 'listed' }
  | { kind: 'question' }
  | { kind: 'consent'; answer: Answer }
  | { kind: 'subscribed'; answer: Answer }
  | { kind: 'unsubscribed'; answer: Answer }
)

/** The last answer counts. A yes must come while the question is open; a no ends what it began at any time. */
export function answerSignup(current: Signup, { answer, at, via, words, sentAt }: SignupAnswer): Signup {
  const state = answer === 'confirm' ? 'confirmed' : 'declined'
  const isTooLate = state === 'confirmed' && at >= current.expiresAt
  if (isTooLate || current.state === state || at < (current.answer?.at ?? 0)) return current
  const said = { ...(words === undefined ? {} : { words }), ...(sentAt === undefined ? {} : { sentAt }) }
  return { ...current, state, turns: current.turns + 1, answer: { via, at, ...said } }
}

/** The question can be answered when it is sent; whoever is served has consented. */
export function signupObligations({ id, state, turns, answer }: Signup): SignupObligation[][] {
  const listed = [{ id: 'listed', kind: 'listed' as const }]
  if (state === 'asked') return [listed, [{ id: derivedId('ask', id), kind: 'question' }]]
  if (!answer) return [listed]
  if (state === 'declined') return [listed, [{ id: derivedId('end', id, turns), kind: 'unsubscribed', answer }]]
  return [
    listed,
    [{ id: `consent-${turns}`, kind: 'consent', answer }],
    [{ id: derivedId('sub', id, turns), kind: 'subscribed', answer }],
  ]
}
