import { contact, contactId, personId } from '@switchboard/contracts'
import type { Contact } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createPersonIndex } from './person-index.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'
import { createWorkflowRecords } from './workflow-records.ts'

/** A sign-up on the web page, from the question to the answer. */
const signup = z.object({
  id: z.string(),
  contact,
  topic: z.string(),
  state: z.enum(['asked', 'confirmed', 'declined']),
  /** How often the answer changed: tells an answer given again from one that is run again. */
  turns: z.int().default(0),
  /** The last answer: what it asks for is done by the turn. Older versions did it at once. */
  answer: z
    .object({
      via: z.enum(['text', 'link']),
      words: z.string().optional(),
      at: z.int(),
      sentAt: z.int().optional(),
    })
    .optional(),
  createdAt: z.int(),
  expiresAt: z.int(),
})
export type Signup = z.infer<typeof signup>

/** Who has declined is left in peace for so long. */
const DECLINED_KEPT_SECONDS = 7 * 86_400
/** How long a confirmed sign-up can be ended by its link: the only way on channels without replies. */
export const CONFIRMED_KEPT_SECONDS = 365 * 86_400

/** Points a contact to a sign-up, unless somebody has pointed it elsewhere meanwhile. */
const POINT = `
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1`
const MAX_TRIES = 20

export type Signups = ReturnType<typeof createSignups>

/** Written by the subscriptions service alone, as a workflow. */
export function createSignups(redis: RedisConnection, now: () => number = Date.now) {
  const ttlSeconds = ({ state, expiresAt }: Signup) => {
    if (state === 'confirmed') return CONFIRMED_KEPT_SECONDS
    return state === 'declined' ? DECLINED_KEPT_SECONDS : Math.max(1, Math.ceil((expiresAt - now()) / 1_000))
  }
  const records = createWorkflowRecords<Signup>(redis, {
    schema: signup.loose(),
    key: keys.signup,
    ttlSeconds,
    dueKey: keys.dueSignups,
  })
  const index = createPersonIndex(redis)
  const point = createScript(redis, POINT)

  async function pointTo({ id, contact, createdAt }: Signup): Promise<void> {
    const key = keys.signupOf(contactId(contact))
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const current = await redis.get(key)
      const other = current === null ? undefined : await records.get(current)
      if (other && (other.createdAt - createdAt || other.id.localeCompare(id)) > 0) return
      if ((await point(key, current ?? '', id, CONFIRMED_KEPT_SECONDS)) === 1) return
    }
    throw new Error(`The newest sign-up changed ${MAX_TRIES} times while ${id} was listed`)
  }

  return {
    records,
    get: (id: string) => records.get(id),
    /** The newest sign-up of a contact: asked, confirmed, or declined in the last week. */
    async newestOf(contact: Contact): Promise<Signup | undefined> {
      const id = await redis.get(keys.signupOf(contactId(contact)))
      return id === null ? undefined : records.get(id)
    },
    /** Where an erasure finds a sign-up, and the answers of its contact, unless a newer one is there. */
    async list(signup: Signup): Promise<void> {
      await index.add(personId(signup.contact), 'signup', signup.id, now())
      await pointTo(signup)
    },
    async isListed({ contact }: Signup): Promise<boolean> {
      return (await redis.exists(keys.signupOf(contactId(contact)))) === 1
    },
    async erase(person: string, contacts: Contact[]): Promise<number> {
      const ids = await index.list(person, 'signup', now())
      for (const id of ids) {
        await records.remove(id)
        await redis.zrem(keys.dueSignups, id)
      }
      for (const each of contacts) await redis.del(keys.signupOf(contactId(each)))
      await index.remove(person, 'signup', now())
      return ids.length
    },
  }
}
