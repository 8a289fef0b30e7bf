import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** How many are looked through for a word. */
const LOOKED_AT = 50_000
const PAGE = '1000'

export interface NamedPerson {
  personId: string
  name: string
}

export type PersonNames = ReturnType<typeof createPersonNames>

/** What people who use the console call the persons that we write to. Written by the console alone. */
export function createPersonNames(redis: RedisConnection) {
  return {
    async get(personId: string): Promise<string | undefined> {
      return (await redis.hget(keys.personNames, personId)) ?? undefined
    },
    /** Of each in the same order, undefined where there is none. */
    async getAll(personIds: string[]): Promise<(string | undefined)[]> {
      if (personIds.length === 0) return []
      const names = await redis.hmget(keys.personNames, ...personIds)
      return names.map((name) => name ?? undefined)
    },
    /** Undefined takes the name away. */
    async set(personId: string, name: string | undefined): Promise<void> {
      await (name === undefined ? redis.hdel(keys.personNames, personId) : redis.hset(keys.personNames, personId, name))
    },
    /** Those that fit, in no order. */
    async find(fits: (person: NamedPerson) => boolean, limit: number): Promise<NamedPerson[]> {
      const found = new Map<string, NamedPerson>()
      let cursor = '0'
      let looked = 0
      do {
        const [next, fields] = await redis.hscan(keys.personNames, cursor, 'COUNT', PAGE)
        for (const person of pairsOf(fields)) if (fits(person)) found.set(person.personId, person)
        looked += fields.length / 2
        cursor = next
      } while (cursor !== '0' && found.size < limit && looked < LOOKED_AT)
      return [...found.values()].slice(0, limit)
    },
  }
}

function pairsOf(fields: string[]): NamedPerson[] {
  return fields.flatMap((personId, index) => (index % 2 === 0 ? [{ personId, name: fields[index + 1] ?? '' }] : []))
}
