import { contactId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** How long a reply still finds an alert that has ended. */
const LATE_SECONDS = 86_400

export type LateReplies = ReturnType<typeof createLateReplies>

/**
 * Which exhausted alert a contact may still answer, and which one they may mean that somebody has or that is over: the
 * newest of each, for a day. Written by the failover service.
 */
export function createLateReplies(redis: RedisConnection) {
  return {
    async expect(contact: Contact, alertId: string): Promise<void> {
      await redis.set(keys.lateReply(contactId(contact)), alertId, 'EX', LATE_SECONDS)
    },
    async alertOf(contact: Contact): Promise<string | undefined> {
      return (await redis.get(keys.lateReply(contactId(contact)))) ?? undefined
    },
    /** Somebody has it, or it is over: who answers now is told so. */
    async ended(contact: Contact, alertId: string): Promise<void> {
      await redis.set(keys.endedAlert(contactId(contact)), alertId, 'EX', LATE_SECONDS)
    },
    async endedAlertOf(contact: Contact): Promise<string | undefined> {
      return (await redis.get(keys.endedAlert(contactId(contact)))) ?? undefined
    },
    async erase(contacts: Contact[]): Promise<void> {
      await Promise.all(
        contacts.flatMap((contact) => [
          redis.del(keys.lateReply(contactId(contact))),
          redis.del(keys.endedAlert(contactId(contact))),
        ]),
      )
    },
  }
}
