import { contactId, derivedId, fillText, MAX_PACK_SIZE, optionsFor, packId } from '@switchboard/contracts'
import type { Channel, Contact, Feed, MessagePack, OutboundMessage } from '@switchboard/contracts'

export interface FeedUpdate {
  topic: string
  tick: number
  text: string
  createdAt: number
  expiresAt: number
}

/** One update for one contact. Its id is the same whichever way the contact comes to get it. */
export function feedMessage(contact: Contact, update: FeedUpdate, feed: Feed | undefined): OutboundMessage {
  const { topic, tick } = update
  return {
    ...shared(contact.channel, update, feed),
    // The colon makes the id a digest: ids are logged, addresses are not.
    id: derivedId('feed', topic, tick, `:${contactId(contact)}`),
    channel: contact.channel,
    to: contact.address,
    purpose: 'feed',
  }
}

/** One update for the contacts of one page. Made again of the same contacts, they are the same packs. */
export function feedPacks(
  contacts: readonly Contact[],
  update: FeedUpdate & { after: string; isSecondHalf?: boolean | undefined },
  feed: Feed | undefined,
): MessagePack[] {
  const { topic, tick, after, isSecondHalf = false } = update
  return [...Map.groupBy(contacts, ({ channel }) => channel)].flatMap(([channel, all]) =>
    chunks(all, MAX_PACK_SIZE).map((some, index) => ({
      ...shared(channel, update, feed),
      id: packId(topic, tick, after, String(isSecondHalf), channel, index),
      channel,
      to: some.map(({ address }) => address),
    })),
  )
}

function shared(channel: Channel, { topic, tick, text, createdAt, expiresAt }: FeedUpdate, feed: Feed | undefined) {
  const template = feed?.whatsappTemplate
  const parameters = template?.parameters.map((parameter) => fillText(parameter, { topic }))
  return {
    text,
    createdAt,
    expiresAt,
    about: { kind: 'feed' as const, topic, tick },
    ...(template ? { template: { ...template, parameters: parameters ?? [] } } : {}),
    ...optionsFor(channel, feed?.messageOptions),
  }
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
