import { derivedId, parseContactId } from '@switchboard/contracts'
import type { Contact, FeedFanout, OutboundMessage } from '@switchboard/contracts'
import type { Subscriptions } from '@switchboard/store'

const PAGE_SIZE = 500

export interface FanOutDeps {
  subscriptions: Pick<Subscriptions, 'page'>
  sendMany: (messages: OutboundMessage[]) => Promise<void>
  nextPage: { enqueue(page: FeedFanout): Promise<void> }
  now: () => number
  log: { info: (fields: object, event: string) => void; warn: (fields: object, event: string) => void }
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
    const messages = contacts.flatMap((id) => toMessage(id, page))
    // An entry that is no contact must not cost the others their update.
    const invalid = contacts.length - messages.length
    if (invalid > 0) log.warn({ topic: page.topic, invalid }, 'fan-out.invalid-subscribers')
    await sendMany(messages)
    if (contacts.length > 0) log.info({ topic: page.topic, tick: page.tick, contacts: contacts.length }, 'fan-out.page')
  }
}

function toMessage(id: string, { topic, tick, text, createdAt, expiresAt }: FeedFanout): OutboundMessage[] {
  const contact = readContact(id)
  if (!contact) return []
  const about = { kind: 'feed', topic, tick } as const
  const message = { id: derivedId('feed', topic, tick, id), channel: contact.channel, to: contact.address }
  return [{ ...message, text, purpose: 'feed', createdAt, expiresAt, about }]
}

function readContact(id: string): Contact | undefined {
  try {
    return parseContactId(id)
  } catch {
    return undefined
  }
}
