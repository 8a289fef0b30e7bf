import type { z } from 'zod'

import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

/** What a change decides: the next record (undefined: leave it as it is) and what to tell the caller. */
export interface Change<Value, Result> {
  next?: Value
  result: Result
}

export type Decide<Value, Result> = (current: Value | undefined) => Change<Value, Result>

export interface Records<Value extends object> {
  get(id: string): Promise<Value | undefined>
  /**
   * Compare-and-set: reads the record, lets a pure function decide, writes only if nobody wrote in between, else
   * decides again on the new record.
   */
  update<Result>(id: string, decide: Decide<Value, Result>): Promise<Result>
  /** The same without reading first: for a record whose content is known, most likely. A wrong guess costs nothing more. */
  updateFrom<Result>(guess: Value | undefined, id: string, decide: Decide<Value, Result>): Promise<Result>
  remove(id: string): Promise<void>
}

interface RecordsOptions<Value extends object> {
  schema: z.ZodType<Value>
  key: (id: string) => string
  /** How a record is written where that is shorter; the schema reads it back. */
  encode?: (value: Value) => unknown
  /** Undefined: the record does not expire. */
  ttlSeconds: (value: Value) => number | undefined
}

/** Answers nothing when it has written, else what is there instead. */
const COMPARE_AND_SET = `
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return current end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return false`

/** Contention on one record is a handful of events; more tries mean something is wrong. */
const MAX_TRIES = 100

/** Records of one type: JSON strings that move forward by compare-and-set. */
export function createRecords<Value extends object>(
  redis: RedisConnection,
  { schema, key, ttlSeconds, encode = (value) => value }: RecordsOptions<Value>,
): Records<Value> {
  const compareAndSet = createScript(redis, COMPARE_AND_SET)
  // What a record that was read looks like in Redis: writing it again need not give the same characters.
  const rawOf = new WeakMap<Value, string>()
  const parse = (raw: string) => {
    if (raw === '') return undefined
    const value = schema.parse(JSON.parse(raw))
    rawOf.set(value, raw)
    return value
  }
  const format = (value: Value) => JSON.stringify(encode(value))
  const read = async (id: string) => (await redis.get(key(id))) ?? ''

  async function update<Result>(id: string, decide: Decide<Value, Result>): Promise<Result> {
    const raw = await read(id)
    return write(id, raw, decide(parse(raw)), decide)
  }

  async function write<Result>(
    id: string,
    seen: string,
    decided: Change<Value, Result>,
    decide: Decide<Value, Result>,
  ): Promise<Result> {
    let raw = seen
    let { next, result } = decided
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (next === undefined) return result
      const other = await compareAndSet(key(id), raw, format(next), ttlSeconds(next) ?? 0)
      if (typeof other !== 'string') return result
      raw = other
      ;({ next, result } = decide(parse(raw)))
    }
    throw new Error(`The record ${id} changed ${MAX_TRIES} times while it was being updated`)
  }

  return {
    get: async (id) => parse(await read(id)),
    update,
    async updateFrom(guess, id, decide) {
      const decided = decide(guess)
      // To leave a record as it is says nothing about a record that was only guessed.
      if (decided.next === undefined) return update(id, decide)
      return write(id, guess === undefined ? '' : (rawOf.get(guess) ?? format(guess)), decided, decide)
    },
    async remove(id) {
      await redis.del(key(id))
    },
  }
}
