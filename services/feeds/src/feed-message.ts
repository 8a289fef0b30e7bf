import { contactId, derivedId, fillText } from '@switchboard/contracts'
import type { Contact, Feed, OutboundMessage } from '@switchboard/contracts'

export interface FeedUpdate {
  topic: string
  tick: number
  text: string
  createdAt: number
  expiresAt: number
}

/** One update for one contact. Its id is the same whichever way the contact comes to get it. */
export function feedMessage(contact: Contact, update: FeedUpdate, feed: Feed | undefined): OutboundMessage {
  const { topic, tick, text, createdAt, expiresAt } = update
  const template = feed?.whatsappTemplate
  const parameters = template?.parameters.map((parameter) => fillText(parameter, { topic }))
  return {
    // The colon makes the id a digest: ids are logged, addresses are not.
    id: derivedId('feed', topic, tick, `:${contactId(contact)}`),
    channel: contact.channel,
    to: contact.address,
    text,
    purpose: 'feed',
    createdAt,
    expiresAt,
    about: { kind: 'feed', topic, tick },
    ...(template ? { template: { ...template, parameters: parameters ?? [] } } : {}),
  }
}
