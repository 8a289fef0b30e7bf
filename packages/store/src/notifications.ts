import { contactId, personId, retention } from '@switchboard/contracts'
import type { Contact, Retention } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { notificationRecord } from './notification-record.ts'
import type { NotificationRecord } from './notification-record.ts'
import { createPersonIndex } from './person-index.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'
import { createWorkflowRecords } from './workflow-records.ts'

const DAY_MS = 86_400_000
/** How long after its deadline a question is remembered, to say that an answer is too late. */
const LATE_MS = 7 * 86_400_000

/** The newest question put to a contact. */
const asked = z.object({
  id: z.string(),
  createdAt: z.int(),
  forgetAt: z.int(),
  /** The question before it: known also when the request is run again. */
  replaced: z.string().optional(),
  /** Those before it, the newest first: this one may never reach the person. */
  earlier: z.array(z.string()).default([]),
})
const MAX_EARLIER = 5
export type Asked = z.infer<typeof asked>

type AskedNotification = Pick<NotificationRecord, 'id' | 'contact' | 'createdAt' | 'expiresAt'>

export type Notifications = ReturnType<typeof createNotifications>

/**
 * Delivery notifications and which of them a contact is answering. Written by the notifications service alone, as a
 * workflow.
 */
export function createNotifications(
  redis: RedisConnection,
  now: () => number = Date.now,
  { notificationsDays }: Pick<Retention, 'notificationsDays'> = retention.parse({}),
) {
  const keptMs = notificationsDays * DAY_MS
  const records = createWorkflowRecords<NotificationRecord>(redis, {
    schema: notificationRecord.loose(),
    key: keys.notification,
    ttlSeconds: ({ createdAt }) => secondsUntil(createdAt + keptMs, now()),
    dueKey: keys.dueNotifications,
  })
  const pointers = createRecords(redis, {
    schema: asked,
    key: keys.askedNotification,
    ttlSeconds: ({ forgetAt }) => secondsUntil(forgetAt, now()),
  })
  const index = createPersonIndex(redis)
  return {
    records,
    get: (id: string) => records.get(id),
    /** The newest questions put to a contact, the newest first, until a week after its deadline. */
    async askedOf(contact: Contact): Promise<NotificationRecord[]> {
      const pointer = await pointers.get(contactId(contact))
      const found = await Promise.all(pointer ? [pointer.id, ...pointer.earlier].map((id) => records.get(id)) : [])
      return found.filter((each) => each !== undefined)
    },
    /** Where lists and an erasure find a notification. */
    async list({ id, contact, createdAt }: Pick<NotificationRecord, 'id' | 'contact' | 'createdAt'>): Promise<void> {
      await index.add(personId(contact), 'notification', id, now())
      await redis.zadd(keys.notifications, createdAt, id)
      await redis.zremrangebyscore(keys.notifications, '-inf', now() - keptMs)
    },
    async isListed(id: string): Promise<boolean> {
      return (await redis.zscore(keys.notifications, id)) !== null
    },
    /** Makes a notification the contact's newest, unless a newer one is. Returns the one it replaces, or the newer one. */
    ask: ({ id, contact, createdAt, expiresAt }: AskedNotification) =>
      pointers.update(contactId(contact), (current) =>
        changeAsked(current, { id, createdAt, forgetAt: expiresAt + LATE_MS, earlier: [] }),
      ),
    /** Ids, newest first, of those created before a moment. */
    recent: (before: number, offset: number, limit: number): Promise<string[]> =>
      redis.zrange(keys.notifications, `(${before}`, '-inf', 'BYSCORE', 'REV', 'LIMIT', offset, limit),
    async erase(person: string, contacts: Contact[]): Promise<number> {
      const ids = await index.list(person, 'notification', now())
      for (const id of ids) {
        await records.remove(id)
        await redis.zrem(keys.dueNotifications, id)
        await redis.zrem(keys.notifications, id)
      }
      for (const contact of contacts) await pointers.remove(contactId(contact))
      await index.remove(person, 'notification', now())
      return ids.length
    },
  }
}

export type AskOutcome =
  /** It is the newest; `replaced` was, until now. */
  | { kind: 'newest'; replaced: string | undefined }
  /** A newer one was there first. */
  | { kind: 'superseded'; by: string }

function changeAsked(current: Asked | undefined, wish: Asked): { next?: Asked; result: AskOutcome } {
  if (current?.id === wish.id) return { result: { kind: 'newest', replaced: current.replaced } }
  if (current && current.createdAt > wish.createdAt) return { result: { kind: 'superseded', by: current.id } }
  const replaced = current?.id
  const earlier = current ? [current.id, ...current.earlier].slice(0, MAX_EARLIER) : []
  return { next: { ...wish, earlier, ...(replaced ? { replaced } : {}) }, result: { kind: 'newest', replaced } }
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1_000))
}
