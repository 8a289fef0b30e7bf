import { derivedId, parseContactId } from '@switchboard/contracts'
import type { FeedFanout, OutboundMessage } from '@switchboard/contracts'
import type { Subscriptions } from '@switchboard/store'

const PAGE_SIZE = 500

export interface FanOutDeps {
  subscriptions: Pick<Subscriptions, 'page'>
  sendMany: (messages: OutboundMessage[]) => Promise<void>
  nextPage: { enqueue(page: FeedFanout): Promise<void> }
  now: () => number
  log: { info: (fields: object, event: string) => void }
  countDropped: (topic: string) => void
}

/**
 * Handles one page of subscribers. The ids of messages and pages follow from topic, tick and contact, so a page that is
 * run again after a crash adds nothing twice.
 */
export function createFanOut({ subscriptions, sendMany, nextPage, now, log, countDropped }: FanOutDeps) {
  return async (page: FeedFanout): Promise<void> => {
    if (now() >= page.expiresAt) {
      countDropped(page.topic)
      log.info({ topic: page.topic, tick: page.tick }, 'fan-out.stale')
      return
    }
    const contacts = await subscriptions.page(page.topic, page.after, PAGE_SIZE)
    const last = contacts.at(-1)
    // The next page may begin while this one is written: other replicas help.
    if (last !== undefined && contacts.length === PAGE_SIZE) await nextPage.enqueue({ ...page, after: last })
    await sendMany(contacts.map((id) => toMessage(id, page)))
    if (contacts.length > 0) log.info({ topic: page.topic, tick: page.tick, contacts: contacts.length }, 'fan-out.page')
  }
}

function toMessage(contactId: string, { topic, tick, text, createdAt, expiresAt }: FeedFanout): OutboundMessage {
  const { channel, address } = parseContactId(contactId)
  return {
    id: derivedId('feed', topic, tick, contactId),
    channel,
    to: address,
    text,
    purpose: 'feed',
    createdAt,
    expiresAt,
    about: { kind: 'feed', topic, tick },
  }
}
