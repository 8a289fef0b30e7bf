import { createHash } from 'node:crypto'

import { contactId } from '@switchboard/contracts'
import type { Alert, Contact } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

/** The longest walk: 100 users of 20 channels of a day, six times, is not one; two months are generous. */
export const WALKING_KEPT_SECONDS = 60 * 86_400

const workflowOwner = z.object({ alertId: z.string(), round: z.number().int(), user: z.number().int() })
export type WorkflowOwner = z.infer<typeof workflowOwner>

/** The alert of an Alertmanager group; `isOver`: the group is resolved, what fires next is another alert. */
const groupRecord = z.object({ alertId: z.string(), isOver: z.boolean().optional() })

/** What finds alerts: lists of them, by contact, by Alertmanager's group, by Dispatch workflow. */
export function createAlertIndexes(redis: RedisConnection) {
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
    /** Lists an alert that has ended. */
    async listEnded({ id, createdAt }: Pick<Alert, 'id' | 'createdAt'>): Promise<void> {
      await redis.zadd(keys.endedAlerts, 'NX', createdAt, id)
    },
    /** It had ended, and walks again. */
    async listOpen({ id }: Pick<Alert, 'id'>): Promise<void> {
      await redis.zrem(keys.endedAlerts, id)
    },
    /** Could not ask everybody, and says so again before that moment if it still is so then. */
    async listBlocked(alertId: string, until: number): Promise<void> {
      await redis.zadd(keys.blockedAlerts, until, alertId)
    },
    async unlistBlocked(alertId: string): Promise<void> {
      await redis.zrem(keys.blockedAlerts, alertId)
    },
    countBlocked: (now: number): Promise<number> => redis.zcount(keys.blockedAlerts, now, '+inf'),
    countWalking: (): Promise<number> => redis.zcard(keys.walkingAlerts),
    walking: (offset: number, limit: number): Promise<string[]> =>
      redis.zrange(keys.walkingAlerts, String(offset), String(offset + limit - 1)),
    /** All alerts of the last two months: first those that walk, the next due first, then the others, newest first. */
    async recent(offset: number, limit: number): Promise<string[]> {
      const walking = await redis.zrange(keys.walkingAlerts, String(offset), String(offset + limit - 1))
      if (walking.length === limit) return walking
      const before = Math.max(0, offset - (await redis.zcard(keys.walkingAlerts)))
      return [...walking, ...(await redis.zrevrange(keys.endedAlerts, before, before + limit - walking.length - 1))]
    },
    /** Forgets index entries of alerts whose records have expired. */
    async trimRecent(now: number): Promise<void> {
      await redis.zremrangebyscore(keys.endedAlerts, '-inf', now - WALKING_KEPT_SECONDS * 1_000)
      await redis.zremrangebyscore(keys.blockedAlerts, '-inf', now)
    },
    /** Remembers whom an alert has contacted, so that a reply finds it. */
    async addContact(contact: Contact, alertId: string): Promise<void> {
      const key = keys.alertsOfContact(contactId(contact))
      await Promise.all([redis.sadd(key, alertId), redis.expire(key, WALKING_KEPT_SECONDS)])
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
