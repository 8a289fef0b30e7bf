import { keys } from './keys.ts'
import { createScript, createScriptForEach } from './script.ts'
import type { RedisConnection } from './script.ts'

const DAY_MS = 86_400_000

/** What is kept about a person under an id of its own, and for how many days. */
const keptDays = {
  /** Messages of feeds: as long as their ledger records. */
  feed: 2,
  message: 30,
  notification: 90,
  signup: 370,
  'follow-up': 90,
  inbound: 30,
  'sms-parts': 2,
} as const
export type IndexedKind = keyof typeof keptDays

const ADD = `
for i, key in ipairs(KEYS) do
  redis.call('RPUSH', key, ARGV[i * 2 - 1])
  redis.call('EXPIRE', key, ARGV[i * 2])
end`

export type PersonIndex = ReturnType<typeof createPersonIndex>

/**
 * Where to look when a person is erased: the ids of everything kept about them, in one list per kind and day, so that
 * adding is one short command and old entries go by themselves.
 */
export function createPersonIndex(redis: RedisConnection) {
  const add = createScript(redis, ADD)
  const addTogether = createScriptForEach(redis, ADD)
  return {
    async add(...given: Parameters<typeof entryOf>): Promise<void> {
      await add(...entryOf(...given))
    },
    /** The same, at the end of this turn of the event loop, together with others. */
    addTogether: (...given: Parameters<typeof entryOf>): Promise<void> => addTogether(...entryOf(...given)),
    async list(personId: string, kind: IndexedKind, now: number): Promise<string[]> {
      const lists = await Promise.all(
        daysBack(kind, now).map((day) => redis.lrange(keys.ofPerson(personId, kind, day), 0, -1)),
      )
      return [...new Set(lists.flat())]
    },
    /** The newest ids of a kind, newest first. */
    async newest(personId: string, kind: IndexedKind, limit: number, now: number): Promise<string[]> {
      const lists = await Promise.all(
        daysBack(kind, now).map((day) => redis.lrange(keys.ofPerson(personId, kind, day), -limit, -1)),
      )
      return [...new Set(lists.flatMap((list) => list.toReversed()))].slice(0, limit)
    },
    async remove(personId: string, kind: IndexedKind, now: number): Promise<void> {
      await Promise.all(daysBack(kind, now).map((day) => redis.del(keys.ofPerson(personId, kind, day))))
    },
  }
}

function entryOf(personId: string, kind: IndexedKind, id: string, now: number) {
  return [keys.ofPerson(personId, kind, dayOf(now)), id, (keptDays[kind] + 2) * (DAY_MS / 1_000)] as const
}

function dayOf(now: number): number {
  return Math.floor(now / DAY_MS)
}

function daysBack(kind: IndexedKind, now: number): number[] {
  return Array.from({ length: keptDays[kind] + 3 }, (_, back) => dayOf(now) + 1 - back)
}
