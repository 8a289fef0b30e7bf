import { derivedId, fillText } from '@switchboard/contracts'
import type { OutboundMessage, SubscriptionRequest, SwitchboardConfig } from '@switchboard/contracts'
import type { FeedValues, Subscriptions } from '@switchboard/store'

export interface SubscriptionDeps {
  subscriptions: Pick<Subscriptions, 'set'>
  feedValues: Pick<FeedValues, 'get'>
  send: (message: OutboundMessage) => Promise<void>
  settings: Pick<SwitchboardConfig, 'feeds' | 'texts'>
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
      text: await confirmation(topic, deps),
      purpose: 'reply',
      createdAt: deps.now(),
    })
  }
}

async function confirmation(topic: string, { feedValues, settings }: SubscriptionDeps): Promise<string> {
  const value = (await feedValues.get(topic))?.value
  const { subscribed, subscribedNoValue } = settings.texts
  const text = value === undefined ? subscribedNoValue : subscribed
  return fillText(text, { topic, value: value ?? '' })
}
