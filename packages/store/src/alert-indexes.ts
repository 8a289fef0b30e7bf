import { createHash } from 'node:crypto'

import { contactId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'
import { z } from 'zod'

import { WALKING_KEPT_SECONDS } from './alert-lists.ts'
import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

const workflowOwner = z.object({ alertId: z.string(), round: z.int(), user: z.int() })
export type WorkflowOwner = z.infer<typeof workflowOwner>

/** The alert of an Alertmanager group; `isOver`: the group is resolved, what fires next is another alert. */
const groupRecord = z.object({ alertId: z.string(), isOver: z.boolean().optional() })

const ADD = `
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])`

/** What finds alerts: by contact, by Alertmanager's group, by Dispatch workflow. */
export function createAlertIndexes(redis: RedisConnection) {
  const add = createScript(redis, ADD)
  const workflows = createRecords(redis, {
    schema: workflowOwner,
    key: keys.workflow,
    ttlSeconds: () => WALKING_KEPT_SECONDS,
  })
  const groups = createRecords(redis, {
    schema: groupRecord.loose(),
    key: (groupKey) => keys.alertGroup(createHash('sha256').update(groupKey).digest('base64url').slice(0, 22)),
    ttlSeconds: () => WALKING_KEPT_SECONDS,
  })
  return {
    /** Remembers whom an alert has contacted, so that a reply finds it. */
    async addContact(contact: Contact, alertId: string): Promise<void> {
      await add(keys.alertsOfContact(contactId(contact)), alertId, WALKING_KEPT_SECONDS)
    },
    async removeContact(contact: Contact, alertId: string): Promise<void> {
      await redis.srem(keys.alertsOfContact(contactId(contact)), alertId)
    },
    alertsOf: (contact: Contact): Promise<string[]> => redis.smembers(keys.alertsOfContact(contactId(contact))),
    /**
     * Makes an alert the one of an Alertmanager group, unless another one is; `replaces` is one that no longer counts.
     * Returns the alert the group has.
     */
    joinGroup: (groupKey: string, alertId: string, replaces: string | undefined) =>
      groups.update(groupKey, (current) =>
        current && current.alertId !== replaces ? { result: current.alertId } : { next: { alertId }, result: alertId },
      ),
    alertOfGroup: (groupKey: string) => groups.get(groupKey),
    /** The group is resolved, unless it has another alert by now. */
    leaveGroup: (groupKey: string, alertId: string) =>
      groups.update<undefined>(groupKey, (current) =>
        current?.alertId === alertId
          ? { next: { ...current, isOver: true }, result: undefined }
          : { result: undefined },
      ),
    /** Whose a Dispatch workflow is, once Vonage has named it. */
    async setWorkflowOwner(dispatchUuid: string, owner: WorkflowOwner): Promise<void> {
      await workflows.update(dispatchUuid, () => ({ next: owner, result: undefined }))
    },
    workflowOwner: (dispatchUuid: string) => workflows.get(dispatchUuid),
  }
}
