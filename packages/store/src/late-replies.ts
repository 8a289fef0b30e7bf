import { contactId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** How long a reply still counts for an alert whose list is exhausted. */
const LATE_SECONDS = 86_400

export type LateReplies = ReturnType<typeof createLateReplies>

/** Which exhausted alert a contact may still answer: the newest, for a day. Written by the failover service. */
export function createLateReplies(redis: RedisConnection) {
  return {
    async expect(contact: Contact, alertId: string): Promise<void> {
      await redis.set(keys.lateReply(contactId(contact)), alertId, 'EX', LATE_SECONDS)
    },
    async alertOf(contact: Contact): Promise<string | undefined> {
      return (await redis.get(keys.lateReply(contactId(contact)))) ?? undefined
    },
    async erase(contacts: Contact[]): Promise<void> {
      await Promise.all(contacts.map((contact) => redis.del(keys.lateReply(contactId(contact)))))
    },
  }
}
