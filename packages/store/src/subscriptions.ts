import { contactId, isBefore } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { Change } from './records.ts'
import type { RedisConnection } from './script.ts'

/** What a contact is subscribed to. `topic` null: ended, remembered so that an older wish cannot undo the end. */
const subscription = z.object({
  topic: z.string().nullable(),
  sentAt: z.number().int(),
  receivedAt: z.number().int(),
  /** The request that made it: a second run of the same request is recognisable. */
  causeId: z.string(),
  /** The topic before it, for such a second run. */
  previous: z.string().nullable().optional(),
})
export type Subscription = z.infer<typeof subscription>

export type SubscriptionOutcome =
  | { kind: 'changed'; previous: string | null }
  | { kind: 'unchanged' }
  /** A newer wish of the same contact came first. */
  | { kind: 'stale' }

const ENDED_KEPT_SECONDS = 7 * 86_400

export type Subscriptions = ReturnType<typeof createSubscriptions>

/**
 * The record of a contact decides; the subscribers of a topic are an index for the fan-out, written after it. What the
 * index says too much is caught before each send (see isSubscribed); what it says too little is written again when the
 * request is run again, or by the other one of two requests that met.
 */
export function createSubscriptions(redis: RedisConnection) {
  const records = createRecords(redis, {
    schema: subscription,
    key: keys.subscription,
    ttlSeconds: ({ topic }) => (topic === null ? ENDED_KEPT_SECONDS : undefined),
  })
  return {
    async get(contact: Contact): Promise<Subscription | undefined> {
      return records.get(contactId(contact))
    },
    async isSubscribed(contact: Contact, topic: string): Promise<boolean> {
      return (await records.get(contactId(contact)))?.topic === topic
    },
    /** One topic per contact: a new one replaces the old one, null ends it. */
    async set(contact: Contact, wish: Subscription): Promise<SubscriptionOutcome> {
      const id = contactId(contact)
      const outcome = await records.update(id, (current) => changeSubscription(current, wish))
      if (outcome.kind === 'changed') await index(id, wish.topic, outcome.previous)
      return outcome
    },
    /**
     * Contact ids subscribed to a topic, in a stable order: nobody who stays subscribed is missed or comes twice while
     * others join or leave. `after` is the last id of the page before, empty for the first.
     */
    async page(topic: string, after: string, size: number): Promise<string[]> {
      return redis.zrange(keys.subscribers(topic), after === '' ? '-' : `(${after}`, '+', 'BYLEX', 'LIMIT', 0, size)
    },
    count: (topic: string): Promise<number> => redis.zcard(keys.subscribers(topic)),
    /** Removes a contact's subscription and its places in the indexes of these topics. */
    async erase(contact: Contact, topics: string[]): Promise<void> {
      const id = contactId(contact)
      const topic = (await records.get(id))?.topic
      await records.remove(id)
      for (const each of new Set([...topics, ...(topic ? [topic] : [])])) await redis.zrem(keys.subscribers(each), id)
    },
  }

  /** Writes the index for one topic after another, until it says what the record says at the end. */
  async function index(id: string, topic: string | null, previous: string | null): Promise<void> {
    if (topic !== null) await redis.zadd(keys.subscribers(topic), 0, id)
    if (previous !== null && previous !== topic) await redis.zrem(keys.subscribers(previous), id)
    // A request of the same contact that ran meanwhile may have written its index before us.
    const current = (await records.get(id))?.topic ?? null
    if (current !== topic) await index(id, current, topic)
  }
}

export function changeSubscription(
  current: Subscription | undefined,
  wish: Subscription,
): Change<Subscription, SubscriptionOutcome> {
  const topic = current?.topic ?? null
  if (current?.causeId === wish.causeId) return { result: { kind: 'changed', previous: current.previous ?? null } }
  if (current && isBefore(wish, current)) return { result: { kind: 'stale' } }
  if (topic === wish.topic) return { next: { ...wish, previous: topic }, result: { kind: 'unchanged' } }
  return { next: { ...wish, previous: topic }, result: { kind: 'changed', previous: topic } }
}
