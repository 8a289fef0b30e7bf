import { contactId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'
import { createWorkflowRecords } from './workflow-records.ts'

/** What a contact is subscribed to. `topic` null: ended, remembered so that an older wish cannot undo the end. */
const subscription = z.object({
  topic: z.string().nullable(),
  sentAt: z.int(),
  receivedAt: z.int(),
  /** The request that made it: a second run of the same request is recognisable. */
  causeId: z.string(),
  /** What was said by text, for the audit trail: the topic that it is about; of an end, the one that ended. */
  byText: z.string().optional(),
})
export type Subscription = z.infer<typeof subscription>

const ENDED_KEPT_SECONDS = 7 * 86_400

export type Subscriptions = ReturnType<typeof createSubscriptions>

/**
 * The record of a contact decides; the subscribers of a topic are an index for the fan-out. What the index says too much
 * is caught before each send (see isSubscribed). Written by the subscriptions service alone, as a workflow.
 */
export function createSubscriptions(redis: RedisConnection) {
  const records = createWorkflowRecords<Subscription>(redis, {
    schema: subscription.loose(),
    key: keys.subscription,
    ttlSeconds: ({ topic }) => (topic === null ? ENDED_KEPT_SECONDS : undefined),
    dueKey: keys.dueSubscriptions,
  })
  return {
    records,
    async get(contact: Contact): Promise<Subscription | undefined> {
      return records.get(contactId(contact))
    },
    async isSubscribed(contact: Contact, topic: string): Promise<boolean> {
      return (await records.get(contactId(contact)))?.topic === topic
    },
    /** Makes a contact a subscriber of one topic (null: of none) and of none of the others. */
    async list(id: string, topic: string | null, topics: string[]): Promise<void> {
      await Promise.all([
        topic === null ? 0 : redis.zadd(keys.subscribers(topic), 0, id),
        ...topics.filter((other) => other !== topic).map((other) => redis.zrem(keys.subscribers(other), id)),
      ])
    },
    async isListed(id: string, topic: string): Promise<boolean> {
      return (await redis.zscore(keys.subscribers(topic), id)) !== null
    },
    /**
     * Contact ids subscribed to a topic, in a stable order: nobody who stays subscribed is missed or comes twice while
     * others join or leave. `after` is the last id of the page before, empty for the first.
     */
    async page(topic: string, after: string, size: number): Promise<string[]> {
      return redis.zrange(keys.subscribers(topic), after === '' ? '-' : `(${after}`, '+', 'BYLEX', 'LIMIT', 0, size)
    },
    /** The contact id so far into the order, from 0 to 1; undefined when nobody is subscribed. */
    async placeAt(topic: string, share: number): Promise<string | undefined> {
      const rank = String(Math.floor(share * (await redis.zcard(keys.subscribers(topic)))))
      return (await redis.zrange(keys.subscribers(topic), rank, rank))[0]
    },
    count: (topic: string): Promise<number> => redis.zcard(keys.subscribers(topic)),
    /** Removes a contact's subscription and its places in the indexes of these topics. */
    async erase(contact: Contact, topics: string[]): Promise<void> {
      const id = contactId(contact)
      const topic = (await records.get(id))?.topic
      await records.remove(id)
      await redis.zrem(keys.dueSubscriptions, id)
      for (const each of new Set([...topics, ...(topic ? [topic] : [])])) await redis.zrem(keys.subscribers(each), id)
    },
  }
}
