import { contactId, own } from '@switchboard/contracts'
import type { Log, SubscriptionRequest, SwitchboardConfig } from '@switchboard/contracts'
import type { Subscription } from '@switchboard/store'

import type { SubscriptionWorkflow } from './subscription-workflow.ts'
import { decideSubscription } from './subscription.ts'

export interface SubscriptionDeps {
  workflow: Pick<SubscriptionWorkflow, 'move'>
  settings: Pick<SwitchboardConfig, 'feeds'>
  log: Log
}

/** Handles a wish about a contact's subscription: subscribe, switch, end. */
export function createSubscriptionHandler({ workflow, settings, log }: SubscriptionDeps) {
  return async ({ id, action, contact, source, sentAt, receivedAt }: SubscriptionRequest): Promise<void> => {
    const topic = action.kind === 'subscribe' ? action.topic : null
    if (topic !== null && !own(settings.feeds, topic)) {
      log.info({ requestId: id, topic }, 'subscription.unknown-topic')
      return
    }
    const wish = { topic, sentAt, receivedAt, causeId: id }
    const isByText = source === 'text'
    const only = action.kind === 'unsubscribe' ? action.topic : undefined
    const decide = (current: Subscription | undefined) => decideSubscription(current, wish, { only, isByText })
    const { after } = await workflow.move(contactId(contact), decide, undefined)
    log.info({ requestId: id, topic, isNewest: after?.causeId === id }, 'subscription.handled')
  }
}
