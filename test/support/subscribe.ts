import { contactId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'
import { createSubscriptions } from '@switchboard/store'
import type { Redis } from 'ioredis'

/** Makes a contact a subscriber, without a word to him. */
export async function subscribe(redis: Redis, contact: Contact, topic: string, at = 1): Promise<void> {
  const subscriptions = createSubscriptions(redis)
  const id = contactId(contact)
  await subscriptions.records.change(id, () => ({
    topic,
    sentAt: at,
    receivedAt: at,
    causeId: `wish-${at}-${id}`.slice(0, 40),
  }))
  await subscriptions.list(id, topic, [])
}
