import { contact, contactId, personId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createPersonIndex } from './person-index.ts'
import { createRecords } from './records.ts'
import type { Change } from './records.ts'
import type { RedisConnection } from './script.ts'

/** A sign-up on the web page, from the question to the answer. */
const signup = z.object({
  id: z.string(),
  contact,
  topic: z.string(),
  state: z.enum(['asked', 'confirmed', 'declined']),
  /** How often the answer changed: tells an answer given again from one that is run again. */
  turns: z.number().int().default(0),
  createdAt: z.number().int(),
  expiresAt: z.number().int(),
})
export type Signup = z.infer<typeof signup>

/** Who has declined is left in peace for so long. */
const DECLINED_KEPT_SECONDS = 7 * 86_400
/** How long a confirmed sign-up can be ended by its link: the only way on channels without replies. */
export const CONFIRMED_KEPT_SECONDS = 365 * 86_400

export type SignupOutcome = { kind: 'answered'; signup: Signup } | { kind: 'expired' } | { kind: 'unknown' }

export type Signups = ReturnType<typeof createSignups>

/** Written by the subscriptions service alone. */
export function createSignups(redis: RedisConnection, now: () => number = Date.now) {
  const ttlSeconds = ({ state, expiresAt }: Signup) => {
    if (state === 'confirmed') return CONFIRMED_KEPT_SECONDS
    return state === 'declined' ? DECLINED_KEPT_SECONDS : Math.max(1, Math.ceil((expiresAt - now()) / 1_000))
  }
  const records = createRecords(redis, { schema: signup, key: keys.signup, ttlSeconds })
  const index = createPersonIndex(redis)
  return {
    get: (id: string) => records.get(id),
    /** The newest sign-up of a contact: asked, confirmed, or declined in the last week. */
    async newestOf(contact: Contact): Promise<Signup | undefined> {
      const id = await redis.get(keys.signupOf(contactId(contact)))
      return id === null ? undefined : records.get(id)
    },
    /** Writes a new sign-up; harmless when done again. */
    async open(created: Signup): Promise<Signup> {
      await index.add(personId(created.contact), 'signup', created.id, now())
      const kept = await records.update<Signup>(created.id, (current) =>
        current ? { result: current } : { next: created, result: created },
      )
      await redis.set(keys.signupOf(contactId(created.contact)), created.id, 'EX', CONFIRMED_KEPT_SECONDS)
      return kept
    },
    answer: (id: string, answer: 'confirm' | 'decline', at: number): Promise<SignupOutcome> =>
      records.update(id, (current) => answerSignup(current, answer, at)),
    async erase(person: string, contacts: Contact[]): Promise<number> {
      const ids = await index.list(person, 'signup', now())
      for (const id of ids) await records.remove(id)
      for (const each of contacts) await redis.del(keys.signupOf(contactId(each)))
      await index.remove(person, 'signup', now())
      return ids.length
    },
  }
}

/** The last answer counts. A yes must come while the question is open; a no ends what it began at any time. */
export function answerSignup(
  current: Signup | undefined,
  answer: 'confirm' | 'decline',
  at: number,
): Change<Signup, SignupOutcome> {
  if (!current) return { result: { kind: 'unknown' } }
  if (answer === 'confirm' && at >= current.expiresAt) return { result: { kind: 'expired' } }
  const state = answer === 'confirm' ? 'confirmed' : 'declined'
  if (current.state === state) return { result: { kind: 'answered', signup: current } }
  const next: Signup = { ...current, state, turns: current.turns + 1 }
  return { next, result: { kind: 'answered', signup: next } }
}
