import { own } from '@switchboard/contracts'
import type { Log, SignupAnswer, SignupRequest, SwitchboardConfig } from '@switchboard/contracts'
import type { Signup, Signups, Subscriptions } from '@switchboard/store'

import type { SignupWorkflow } from './signup-workflow.ts'
import { answerSignup } from './signup.ts'

export interface SignupDeps {
  signups: Pick<Signups, 'get' | 'newestOf'>
  subscriptions: Pick<Subscriptions, 'get'>
  workflow: Pick<SignupWorkflow, 'move'>
  settings: Pick<SwitchboardConfig, 'feeds' | 'signup'>
  log: Log
}

type Ask = Extract<SignupRequest, { kind: 'ask' }>

/** Handles a sign-up on the web page: one question first, updates only after a yes. */
export function createSignupHandler(deps: SignupDeps) {
  return (request: SignupRequest): Promise<void> =>
    request.kind === 'ask' ? ask(request, deps) : answer(request, deps)
}

async function ask(request: Ask, deps: SignupDeps): Promise<void> {
  const { id, contact, topic, at } = request
  const problem = await reasonNotToAsk(request, deps)
  if (problem) {
    deps.log.info({ signupId: id, topic, reason: problem }, 'signup.not-asked')
    return
  }
  const expiresAt = at + deps.settings.signup.confirmWithinSeconds * 1_000
  const asked: Signup = { id, contact, topic, state: 'asked', turns: 0, createdAt: at, expiresAt }
  await deps.workflow.move(id, (current) => current ?? asked, undefined)
  deps.log.info({ signupId: id, topic, channel: contact.channel }, 'signup.asked')
}

async function reasonNotToAsk(
  { id, contact, topic }: Ask,
  { settings, signups, subscriptions }: SignupDeps,
): Promise<string | undefined> {
  // Run again, it has been decided.
  if (await signups.get(id)) return undefined
  if (!own(settings.feeds, topic)) return 'unknown-topic'
  if ((await signups.newestOf(contact))?.state === 'declined') return 'declined-lately'
  return (await subscriptions.get(contact))?.topic === topic ? 'subscribed-already' : undefined
}

async function answer(given: SignupAnswer, { workflow, log }: SignupDeps): Promise<void> {
  const { signupId, via } = given
  const { after } = await workflow.move(signupId, (current) => current && answerSignup(current, given), undefined)
  log.info({ signupId, answer: given.answer, via, state: after?.state ?? 'unknown' }, 'signup.answered')
}
