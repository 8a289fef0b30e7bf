import { derivedId, fillText, personId, takesReplies, own } from '@switchboard/contracts'
import type {
  OutboundMessage,
  SignupAnswer,
  SignupRequest,
  SubscriptionRequest,
  SwitchboardConfig,
} from '@switchboard/contracts'
import type { ConsentStore, Signup, Signups, Subscriptions } from '@switchboard/store'

export interface SignupDeps {
  signups: Pick<Signups, 'newestOf' | 'open' | 'answer'>
  subscriptions: Pick<Subscriptions, 'get'>
  consent: Pick<ConsentStore, 'record'>
  subscriptionRequests: { enqueue(request: SubscriptionRequest): Promise<void> }
  send: (message: OutboundMessage) => Promise<void>
  /** The address of the page that confirms or declines a sign-up. */
  link: (answer: 'confirm' | 'decline', signup: Signup) => string
  settings: Pick<SwitchboardConfig, 'feeds' | 'senders' | 'viberTwoWay' | 'signup'>
  now: () => number
  log: { info: (fields: object, event: string) => void }
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
  const signup = await deps.signups.open({ id, contact, topic, state: 'asked', turns: 0, createdAt: at, expiresAt })
  const template = deps.settings.signup.whatsappTemplate
  await deps.send({
    id: derivedId('ask', id),
    channel: contact.channel,
    to: contact.address,
    text: question(signup, deps),
    purpose: 'notification',
    createdAt: deps.now(),
    expiresAt,
    ...(template ? { template } : {}),
  })
  deps.log.info({ signupId: id, topic, channel: contact.channel }, 'signup.asked')
}

async function reasonNotToAsk(
  { id, contact, topic }: Ask,
  { settings, signups, subscriptions }: SignupDeps,
): Promise<string | undefined> {
  if (!own(settings.feeds, topic)) return 'unknown-topic'
  const newest = await signups.newestOf(contact)
  if (newest?.id !== id && newest?.state === 'declined') return 'declined-lately'
  return (await subscriptions.get(contact))?.topic === topic ? 'subscribed-already' : undefined
}

function question(signup: Signup, { settings, link }: SignupDeps): string {
  const { question, questionWithLinks } = settings.signup
  const values = { topic: signup.topic, confirm: link('confirm', signup), decline: link('decline', signup) }
  return fillText(takesReplies(signup.contact.channel, settings) ? question : questionWithLinks, values)
}

async function answer(request: SignupAnswer, deps: SignupDeps): Promise<void> {
  const { signupId, at } = request
  const outcome = await deps.signups.answer(signupId, request.answer, at)
  deps.log.info({ signupId, answer: request.answer, via: request.via, outcome: outcome.kind }, 'signup.answered')
  if (outcome.kind !== 'answered') return
  const { signup } = outcome
  const wish = { contact: signup.contact, source: 'signup', sentAt: at, receivedAt: at } as const
  if (request.answer === 'confirm') {
    await recordConsent(signup, request, deps)
    const action = { kind: 'subscribe', topic: signup.topic } as const
    await deps.subscriptionRequests.enqueue({ ...wish, id: derivedId('sub', signupId, signup.turns), action })
    return
  }
  // Declined after all: ends what this sign-up began, and nothing else.
  if ((await deps.subscriptions.get(signup.contact))?.topic !== signup.topic) return
  await deps.subscriptionRequests.enqueue({
    ...wish,
    id: derivedId('end', signupId, signup.turns),
    action: { kind: 'unsubscribe' },
  })
}

async function recordConsent(
  { id, contact }: Signup,
  { via, words, at }: SignupAnswer,
  deps: SignupDeps,
): Promise<void> {
  await deps.consent.record(personId(contact), {
    state: 'in',
    source: 'signup',
    channel: contact.channel,
    words: via === 'link' ? '(link)' : words,
    sentAt: at,
    receivedAt: at,
    causeId: id,
  })
}
