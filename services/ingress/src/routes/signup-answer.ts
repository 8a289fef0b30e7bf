import { derivedId } from '@switchboard/contracts'
import type { AuditEntry, Enqueue, SignupRequest } from '@switchboard/contracts'
import type { Signups } from '@switchboard/store'
import { verifyLinkToken } from '@switchboard/tokens'
import type { FastifyInstance, FastifyReply } from 'fastify'

import { answerPage } from '../pages/signup-page.ts'
import type { AnswerView } from '../pages/signup-page.ts'

export interface SignupAnswerDeps {
  sessionSecret: string
  signupRequests: Enqueue<SignupRequest>
  trail: Enqueue<AuditEntry>
  signups: Pick<Signups, 'get'>
  now: () => number
}

/** The pages behind the links of a sign-up's first message. */
export function signupAnswerRoutes(app: FastifyInstance, deps: SignupAnswerDeps): void {
  for (const answer of ['confirm', 'decline'] as const) {
    const url = `/signup/${answer}/:token`
    app.get<{ Params: { token: string } }>(url, { schema: { hide: true } }, async (request, reply) => {
      const { view } = await look(request.params.token, answer, deps)
      return show(reply, view)
    })
    app.post<{ Params: { token: string } }>(url, { schema: { hide: true } }, async (request, reply) => {
      const { view, signupId } = await look(request.params.token, answer, deps)
      if (view.kind !== 'ask' || signupId === undefined) return show(reply, view)
      const somebody = { kind: 'somebody', who: 'somebody', via: 'link' } as const
      const id = derivedId('link', signupId, answer)
      await deps.trail.enqueue({ ...somebody, id, at: deps.now(), action: `signup.${answer}`, target: signupId })
      await deps.signupRequests.enqueue({ kind: 'answer', signupId, answer, via: 'link', at: deps.now() })
      return show(reply, { kind: 'done', answer, topic: view.topic })
    })
  }
}

async function look(
  token: string,
  answer: 'confirm' | 'decline',
  { sessionSecret, signups, now }: SignupAnswerDeps,
): Promise<{ view: AnswerView; signupId?: string }> {
  const check = verifyLinkToken(sessionSecret, { purpose: answer, token, now: now() })
  if (check.kind === 'invalid') return { view: { kind: 'invalid' } }
  const signup = check.kind === 'valid' ? await signups.get(check.subject) : undefined
  const isTooLate = answer === 'confirm' && signup !== undefined && now() >= signup.expiresAt
  if (!signup || isTooLate) return { view: { kind: 'expired' } }
  const { topic, state } = signup
  const isDone = state === (answer === 'confirm' ? 'confirmed' : 'declined')
  return { view: { kind: isDone ? 'done' : 'ask', answer, topic }, signupId: signup.id }
}

function show(reply: FastifyReply, view: AnswerView): FastifyReply {
  const statusCode = { ask: 200, done: 200, expired: 410, invalid: 404 }[view.kind]
  return reply
    .code(statusCode)
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' })
    .type('text/html; charset=utf-8')
    .send(answerPage(view))
}
