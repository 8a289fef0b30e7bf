import { fillText, isForgotten, parseContactId, takesReplies } from '@switchboard/contracts'
import type { Contact, OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
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
  settings: Pick<SwitchboardConfig, 'feeds' | 'senders' | 'viberTwoWay' | 'texts'>
  now: () => number
  log: WorkflowLog
  countRescue?: (workflow: string) => void
}

export type SubscriptionWorkflow = Workflow<Subscription>

/** A subscription and its world: a place among the topic's subscribers, and a confirmation. */
export function createSubscriptionWorkflow(deps: SubscriptionWorkflowDeps): SubscriptionWorkflow {
  const { subscriptions, settings } = deps
  return createWorkflow<Subscription, SubscriptionObligation, undefined>(
    {
      name: 'subscription',
      contextOf: async () => undefined,
      obligations: subscriptionObligations,
      lookAt: () => undefined,
      isIncomplete: async ({ topic }, id) => topic !== null && !(await subscriptions.isListed(id, topic)),
      fulfil: (owed, record, _context, id) =>
        owed.kind === 'listed'
          ? subscriptions.list(id, owed.topic, Object.keys(settings.feeds))
          : confirm(owed, parseContactId(id), record, deps),
    },
    { ...deps, records: subscriptions.records },
  )
}

async function confirm(
  { id, topic }: Extract<SubscriptionObligation, { kind: 'confirmation' }>,
  contact: Contact,
  { receivedAt }: Subscription,
  deps: SubscriptionWorkflowDeps,
): Promise<void> {
  const now = deps.now()
  if (isForgotten(receivedAt, now)) return
  await deps.send({
    id,
    channel: contact.channel,
    to: contact.address,
    text: await confirmation(topic, contact, deps),
    purpose: 'reply',
    answersSince: receivedAt,
    createdAt: now,
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
