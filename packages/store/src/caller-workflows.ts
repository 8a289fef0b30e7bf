import { contactId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** How long after a message of a workflow its contact's replies are the caller's. */
const KEPT_SECONDS = 2 * 86_400

export type CallerWorkflows = ReturnType<typeof createCallerWorkflows>

/** Which workflow of a caller of our Dispatch endpoint reached a contact last. Written by the failover service. */
export function createCallerWorkflows(redis: RedisConnection) {
  return {
    async reached(contact: Contact, alertId: string): Promise<void> {
      await redis.set(keys.callerWorkflow(contactId(contact)), alertId, 'EX', KEPT_SECONDS)
    },
    /** The alert that walks the workflow. */
    async newestOf(contact: Contact): Promise<string | undefined> {
      return (await redis.get(keys.callerWorkflow(contactId(contact)))) ?? undefined
    },
    async erase(contacts: Contact[]): Promise<void> {
      await Promise.all(contacts.map((contact) => redis.del(keys.callerWorkflow(contactId(contact)))))
    },
  }
}
