import { isChannel, needsWindow, personId } from '@switchboard/contracts'
import type { OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import type { ConsentStore, FeedValues, InboundStore, Subscriptions } from '@switchboard/store'

import { templateFor } from './as-template.ts'
import type { SendFacts } from './may-send.ts'

export interface FactSources {
  consent: Pick<ConsentStore, 'isOptedOut'>
  subscriptions: Pick<Subscriptions, 'isSubscribed'>
  feedValues: Pick<FeedValues, 'get'>
  inbound: Pick<InboundStore, 'isWindowOpen'>
  isAlertOpen: (alertId: string) => Promise<boolean>
  settings: Pick<SwitchboardConfig, 'senders' | 'templates'>
  now: () => number
}

/** Reads what maySend needs to know; only what matters for this message, all at once. */
export async function gatherFacts(message: OutboundMessage, sources: FactSources): Promise<SendFacts> {
  const { about, channel } = message
  const contact = isChannel(channel) ? { channel, address: message.to } : undefined
  const [isOptedOut, isSubscribed, feedValue, isAlertOpen, isWindowOpen] = await Promise.all([
    sources.consent.isOptedOut(personId({ channel, address: message.to })),
    contact && about?.kind === 'feed' ? sources.subscriptions.isSubscribed(contact, about.topic) : true,
    about?.kind === 'feed' ? sources.feedValues.get(about.topic) : undefined,
    about?.kind === 'alert' ? sources.isAlertOpen(about.step.alertId) : true,
    contact && needsWindow(message) ? sources.inbound.isWindowOpen(contact) : true,
  ])
  return {
    now: sources.now(),
    isOptedOut,
    isSubscribed,
    newestTick: feedValue?.tick,
    isAlertOpen,
    hasSender: (message.from ?? sources.settings.senders[channel]) !== undefined,
    isWindowOpen,
    template: templateFor(message, sources.settings.templates),
  }
}
