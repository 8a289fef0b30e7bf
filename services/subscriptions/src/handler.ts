import { derivedId, fillText } from '@switchboard/contracts'
import type { Contact, OutboundMessage, SubscriptionRequest, SwitchboardConfig } from '@switchboard/contracts'
import type { FeedValues, Signup, Signups, Subscriptions } from '@switchboard/store'

import { takesReplies } from './takes-replies.ts'

export interface SubscriptionDeps {
  subscriptions: Pick<Subscriptions, 'set'>
  feedValues: Pick<FeedValues, 'get'>
  signups: Pick<Signups, 'newestOf'>
  /** The page that ends what a sign-up began. */
  link: (answer: 'decline', signup: Signup) => string
  send: (message: OutboundMessage) => Promise<void>
  settings: Pick<SwitchboardConfig, 'feeds' | 'senders' | 'texts'>
  now: () => number
  log: { info: (fields: object, event: string) => void }
}

/** Handles a wish about a contact's subscription: subscribe, switch, end. */
export function createSubscriptionHandler(deps: SubscriptionDeps) {
  return async (request: SubscriptionRequest): Promise<void> => {
    const { action, contact, sentAt, receivedAt, id } = request
    const topic = action.kind === 'subscribe' ? action.topic : null
    if (topic !== null && !deps.settings.feeds[topic]) {
      deps.log.info({ requestId: id, topic }, 'subscription.unknown-topic')
      return
    }
    const outcome = await deps.subscriptions.set(contact, { topic, sentAt, receivedAt, causeId: id })
    deps.log.info({ requestId: id, topic, outcome: outcome.kind }, 'subscription.handled')
    if (topic === null || outcome.kind === 'stale') return
    await deps.send({
      id: derivedId('re', id),
      channel: contact.channel,
      to: contact.address,
      text: await confirmation(topic, contact, deps),
      purpose: 'reply',
      answersSince: receivedAt,
      createdAt: deps.now(),
    })
  }
}

async function confirmation(topic: string, contact: Contact, deps: SubscriptionDeps): Promise<string> {
  const { feedValues, settings } = deps
  const signup = takesReplies(contact.channel, settings.senders) ? undefined : await deps.signups.newestOf(contact)
  if (signup) return fillText(settings.texts.subscribedWithLink, { topic, end: deps.link('decline', signup) })
  const value = (await feedValues.get(topic))?.value
  const { subscribed, subscribedNoValue } = settings.texts
  const text = value === undefined ? subscribedNoValue : subscribed
  return fillText(text, { topic, value: value ?? '' })
}
