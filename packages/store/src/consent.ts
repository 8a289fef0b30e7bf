import { channel, isBefore } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { Change } from './records.ts'
import type { RedisConnection } from './script.ts'

/** How a person opted in or out: when, by what words, on which channel, from which source. */
export const consentEvent = z.object({
  state: z.enum(['in', 'out']),
  sentAt: z.number().int(),
  receivedAt: z.number().int(),
  words: z.string().max(100).optional(),
  channel: channel.optional(),
  source: z.enum(['text', 'signup', 'provider', 'operator']),
  /** The inbound message or other event that caused it: makes a second run of the same event recognisable. */
  causeId: z.string(),
})
export type ConsentEvent = z.infer<typeof consentEvent>

/** A person's consent: the newest event decides; the history is what auditors ask for. */
const consentRecord = z.object({ history: z.array(consentEvent).min(1) })
export type ConsentRecord = z.infer<typeof consentRecord>

const MAX_HISTORY = 50

export type ConsentStore = ReturnType<typeof createConsent>

export function createConsent(redis: RedisConnection) {
  const records = createRecords(redis, { schema: consentRecord, key: keys.consent, ttlSeconds: () => undefined })
  return {
    get: (personId: string) => records.get(personId),
    /** Whether we may message the person. Nobody has opted out who never said so. */
    async isOptedOut(personId: string): Promise<boolean> {
      return currentConsent(await records.get(personId)) === 'out'
    },
    /** True when this event changed the person's consent, also when the same event is recorded again. */
    record: (personId: string, event: ConsentEvent) =>
      records.update(personId, (current) => recordConsent(current, event)),
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
  if (newest?.causeId === event.causeId) return { result: history.at(-2)?.state !== newest.state }
  if (newest && isBefore(event, newest)) return { result: false }
  return { next: { history: [...history, event].slice(-MAX_HISTORY) }, result: newest?.state !== event.state }
}
