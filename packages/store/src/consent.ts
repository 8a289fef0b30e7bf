import { channel, isOvertaken } from '@switchboard/contracts'
import type { InboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import { createErasedOptOuts } from './erased-opt-outs.ts'
import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { Change } from './records.ts'
import type { RedisConnection } from './script.ts'

/** How a person opted in or out: when, by what words, on which channel, from which source. */
export const consentEvent = z.object({
  state: z.enum(['in', 'out']),
  sentAt: z.int(),
  receivedAt: z.int(),
  words: z.string().max(100).optional(),
  channel: channel.optional(),
  source: z.enum(['text', 'signup', 'provider', 'operator']),
  /** The inbound message or other event that caused it: makes a second run of the same event recognisable. */
  causeId: z.string(),
})
export type ConsentEvent = z.infer<typeof consentEvent>

/** What a message says about its sender's consent. The same at the door and in the workflow: one event, recorded twice. */
export function consentByText(message: InboundMessage, state: ConsentEvent['state']): ConsentEvent {
  const { id, channel, sentAt, receivedAt, text, caption, payload } = message
  // What a button stands for is what counts, and its title is what they read.
  const said = [...new Set([text ?? caption, payload].filter(Boolean))].join(' · ').slice(0, 100)
  return {
    state,
    sentAt,
    receivedAt,
    ...(said === '' ? {} : { words: said }),
    channel,
    source: 'text',
    causeId: id,
  }
}

/** A person's consent: the newest event decides; the history is what auditors ask for. */
const consentRecord = z.object({ history: z.array(consentEvent).min(1) })
export type ConsentRecord = z.infer<typeof consentRecord>

const MAX_HISTORY = 50

export type ConsentStore = ReturnType<typeof createConsent>

export function createConsent(redis: RedisConnection) {
  const records = createRecords(redis, { schema: consentRecord, key: keys.consent, ttlSeconds: () => undefined })
  const erased = createErasedOptOuts(redis)
  return {
    get: (personId: string) => records.get(personId),
    /** Whether we may message the person. Nobody has opted out who never said so. */
    async isOptedOut(personId: string): Promise<boolean> {
      const [record, wasErased] = await Promise.all([records.get(personId), erased.has(personId)])
      return record ? currentConsent(record) === 'out' : wasErased
    },
    /** True when this event changed the person's consent, also when the same event is recorded again. */
    async record(personId: string, event: ConsentEvent): Promise<boolean> {
      const isChange = await records.update(personId, (current) => recordConsent(current, event))
      await redis.zadd(keys.consents, event.receivedAt, personId)
      return isChange
    },
    /** Everyone who ever opted in or out, latest change first. */
    async page(offset: number, limit: number): Promise<{ personId: string; record: ConsentRecord }[]> {
      const ids = await redis.zrevrange(keys.consents, offset, offset + limit - 1)
      const found = await Promise.all(ids.map(async (personId) => ({ personId, record: await records.get(personId) })))
      return found.flatMap(({ personId, record }) => (record ? [{ personId, record }] : []))
    },
    /** Leaves of a person only that they opted out, as a hash. */
    async erase(personId: string): Promise<void> {
      const state = currentConsent(await records.get(personId))
      if (state === 'out') await erased.add(personId)
      if (state === 'in') await erased.remove(personId)
      await records.remove(personId)
      await redis.zrem(keys.consents, personId)
    },
  }
}

export function currentConsent(record: ConsentRecord | undefined): 'in' | 'out' | undefined {
  return record?.history.at(-1)?.state
}

/**
 * The newest event decides. One that repeats the state is kept as well: an older event of the other state, coming late,
 * must not beat it. The result is whether the event changed the state, also when it is recorded again.
 */
export function recordConsent(record: ConsentRecord | undefined, event: ConsentEvent): Change<ConsentRecord, boolean> {
  const history = record?.history ?? []
  const newest = history.at(-1)
  const known = history.findIndex(({ causeId }) => causeId === event.causeId)
  if (known !== -1) return { result: history[known - 1]?.state !== history[known]?.state }
  if (newest && isOvertaken({ ...event, ends: event.state === 'out' }, newest)) return { result: false }
  return { next: { history: [...history, event].slice(-MAX_HISTORY) }, result: newest?.state !== event.state }
}
