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
 * request is run again.
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
      if (outcome.kind !== 'changed') return outcome
      if (wish.topic !== null) await redis.zadd(keys.subscribers(wish.topic), 0, id)
      if (outcome.previous !== null && outcome.previous !== wish.topic) {
        await redis.zrem(keys.subscribers(outcome.previous), id)
      }
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
    /** Takes a contact out of a topic's index whose record says otherwise. */
    async forget(contact: Contact, topic: string): Promise<void> {
      await redis.zrem(keys.subscribers(topic), contactId(contact))
    },
  }
}

export function changeSubscription(
  current: Subscription | undefined,
  wish: Subscription,
): Change<Subscription, SubscriptionOutcome> {
  if (current?.causeId === wish.causeId) return { result: { kind: 'changed', previous: null } }
  if (current && isBefore(wish, current)) return { result: { kind: 'stale' } }
  if ((current?.topic ?? null) === wish.topic) return { next: wish, result: { kind: 'unchanged' } }
  return { next: wish, result: { kind: 'changed', previous: current?.topic ?? null } }
}
