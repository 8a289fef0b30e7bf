import { fillText, isForgotten, personId, takesReplies } from '@switchboard/contracts'
import type { Enqueue, OutboundMessage, SubscriptionRequest, SwitchboardConfig } from '@switchboard/contracts'
import type { ConsentStore, Signup, Signups } from '@switchboard/store'
import { createWorkflow } from '@switchboard/workflow'
import type { Workflow, WorkflowLog } from '@switchboard/workflow'

import { signupObligations } from './signup.ts'
import type { SignupObligation } from './signup.ts'

export interface SignupWorkflowDeps {
  signups: Pick<Signups, 'records' | 'list' | 'isListed'>
  consent: Pick<ConsentStore, 'record'>
  subscriptionRequests: Enqueue<SubscriptionRequest>
  send: (message: OutboundMessage) => Promise<void>
  /** The address of the page that confirms or declines a sign-up. */
  link: (answer: 'confirm' | 'decline', signup: Signup) => string
  settings: Pick<SwitchboardConfig, 'senders' | 'viberTwoWay' | 'signup'>
  now: () => number
  log: WorkflowLog
  countRescue?: (workflow: string) => void
}

export type SignupWorkflow = Workflow<Signup>

/** A sign-up and its world: one question, and what its answer asks for. */
export function createSignupWorkflow(deps: SignupWorkflowDeps): SignupWorkflow {
  const { signups } = deps
  return createWorkflow<Signup, SignupObligation, undefined>(
    {
      name: 'signup',
      logFields: (signupId) => ({ signupId }),
      contextOf: async () => undefined,
      obligations: signupObligations,
      lookAt: () => undefined,
      isIncomplete: async (signup) => !(await signups.isListed(signup)),
      async fulfil(owed, signup) {
        if (owed.kind === 'listed') return signups.list(signup)
        if (owed.kind === 'question') return deps.send(questionOf(owed.id, signup, deps))
        // Whoever has changed his mind meanwhile did so in another way.
        if (isForgotten(owed.answer.at, deps.now())) return undefined
        return owed.kind === 'consent' ? recordConsent(owed, signup, deps) : requestSubscription(owed, signup, deps)
      },
    },
    { ...deps, records: signups.records },
  )
}

function questionOf(id: string, signup: Signup, { settings, link, now }: SignupWorkflowDeps): OutboundMessage {
  const { contact, topic, expiresAt } = signup
  const { question, questionWithLinks, whatsappTemplate: template } = settings.signup
  const values = { topic, confirm: link('confirm', signup), decline: link('decline', signup) }
  return {
    id,
    channel: contact.channel,
    to: contact.address,
    text: fillText(takesReplies(contact.channel, settings) ? question : questionWithLinks, values),
    purpose: 'notification',
    createdAt: now(),
    expiresAt,
    ...(template ? { template } : {}),
  }
}

type Owed<Kind extends SignupObligation['kind']> = Extract<SignupObligation, { kind: Kind }>

async function recordConsent(
  { answer: { via, words, at, sentAt = at } }: Owed<'consent'>,
  { id: causeId, contact }: Signup,
  { consent }: SignupWorkflowDeps,
): Promise<void> {
  await consent.record(personId(contact), {
    state: 'in',
    source: 'signup',
    channel: contact.channel,
    words: via === 'link' ? '(link)' : words,
    sentAt,
    receivedAt: at,
    causeId,
  })
}

/** Declined after all: ends what this sign-up began, and nothing else. */
async function requestSubscription(
  { id, kind, answer: { at, sentAt = at } }: Owed<'subscribed' | 'unsubscribed'>,
  { contact, topic }: Signup,
  { subscriptionRequests }: SignupWorkflowDeps,
): Promise<void> {
  const action = { kind: kind === 'subscribed' ? ('subscribe' as const) : ('unsubscribe' as const), topic }
  await subscriptionRequests.enqueue({ id, contact, action, source: 'signup', sentAt, receivedAt: at })
}
