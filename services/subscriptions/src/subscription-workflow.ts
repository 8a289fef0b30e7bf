import { cutEntry, endOfAddress, fillText, isForgotten, parseContactId, takesReplies } from '@switchboard/contracts'
import type { AuditEntry, Contact, Enqueue, OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import type { FeedValues, Signup, Signups, Subscription, Subscriptions } from '@switchboard/store'
import { createWorkflow } from '@switchboard/workflow'
import type { Workflow, WorkflowLog } from '@switchboard/workflow'

import { subscriptionObligations } from './subscription.ts'
import type { SubscriptionObligation } from './subscription.ts'

export interface SubscriptionWorkflowDeps {
  subscriptions: Pick<Subscriptions, 'records' | 'list' | 'isListed'>
  feedValues: Pick<FeedValues, 'get'>
  signups: Pick<Signups, 'newestOf'>
  /** The page that ends what a sign-up began. */
  link: (answer: 'decline', signup: Signup) => string
  send: (message: OutboundMessage) => Promise<void>
  trail: Enqueue<AuditEntry>
  settings: Pick<SwitchboardConfig, 'feeds' | 'senders' | 'viberTwoWay' | 'texts'>
  now: () => number
  log: WorkflowLog
  countRescue?: (workflow: string) => void
}

export type SubscriptionWorkflow = Workflow<Subscription>

/** A subscription and its world: a place among the topic's subscribers, a confirmation, an entry in the trail. */
export function createSubscriptionWorkflow(deps: SubscriptionWorkflowDeps): SubscriptionWorkflow {
  const { subscriptions, settings } = deps
  return createWorkflow<Subscription, SubscriptionObligation, undefined>(
    {
      name: 'subscription',
      contextOf: async () => undefined,
      obligations: subscriptionObligations,
      lookAt: () => undefined,
      isIncomplete: async ({ topic }, id) => topic !== null && !(await subscriptions.isListed(id, topic)),
      async fulfil(owed, record, _context, id) {
        if (owed.kind === 'listed') return subscriptions.list(id, owed.topic, Object.keys(settings.feeds))
        if (isForgotten(record.receivedAt, deps.now())) return undefined
        const contact = parseContactId(id)
        return owed.kind === 'confirmation' ? confirm(owed, contact, record, deps) : trace(owed, contact, record, deps)
      },
    },
    { ...deps, records: subscriptions.records },
  )
}

type Owed<Kind extends SubscriptionObligation['kind']> = Extract<SubscriptionObligation, { kind: Kind }>

/** The trail outlives the address: it has the end of it only. */
function trace(
  { id, does, topic }: Owed<'trace'>,
  contact: Contact,
  { receivedAt }: Subscription,
  { trail }: SubscriptionWorkflowDeps,
): Promise<void> {
  const somebody = { kind: 'somebody', who: 'somebody', via: 'message' } as const
  const detail = `${contact.channel} ${endOfAddress(contact.address)}`
  return trail.enqueue(cutEntry({ ...somebody, id, at: receivedAt, action: does, target: topic, detail }))
}

async function confirm(
  { id, topic }: Owed<'confirmation'>,
  contact: Contact,
  { receivedAt }: Subscription,
  deps: SubscriptionWorkflowDeps,
): Promise<void> {
  await deps.send({
    id,
    channel: contact.channel,
    to: contact.address,
    text: await confirmation(topic, contact, deps),
    purpose: 'reply',
    answersSince: receivedAt,
    createdAt: deps.now(),
  })
}

async function confirmation(topic: string, contact: Contact, deps: SubscriptionWorkflowDeps): Promise<string> {
  const { feedValues, settings } = deps
  const signup = takesReplies(contact.channel, settings) ? undefined : await deps.signups.newestOf(contact)
  if (signup) return fillText(settings.texts.subscribedWithLink, { topic, end: deps.link('decline', signup) })
  const value = (await feedValues.get(topic))?.value
  const { subscribed, subscribedNoValue } = settings.texts
  const text = value === undefined ? subscribedNoValue : subscribed
  return fillText(text, { topic, value: value ?? '' })
}
