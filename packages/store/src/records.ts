import type { z } from 'zod'

import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

/** What a change decides: the next record (undefined: leave it as it is) and what to tell the caller. */
export interface Change<Value, Result> {
  next?: Value
  result: Result
}

export interface Records<Value> {
  get(id: string): Promise<Value | undefined>
  /**
   * Compare-and-set: reads the record, lets a pure function decide, writes only if nobody wrote in between, else
   * decides again on the new record.
   */
  update<Result>(id: string, decide: (current: Value | undefined) => Change<Value, Result>): Promise<Result>
  remove(id: string): Promise<void>
}

interface RecordsOptions<Value> {
  schema: z.ZodType<Value>
  key: (id: string) => string
  /** Undefined: the record does not expire. */
  ttlSeconds: (value: Value) => number | undefined
}

const COMPARE_AND_SET = `
local current = redis.call('GET', KEYS[1]) or ''
if current ~= ARGV[1] then return 0 end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return 1`

/** Contention on one record is a handful of events; more tries mean something is wrong. */
const MAX_TRIES = 100

/** Records of one type: JSON strings that move forward by compare-and-set. */
export function createRecords<Value>(
  redis: RedisConnection,
  { schema, key, ttlSeconds }: RecordsOptions<Value>,
): Records<Value> {
  const compareAndSet = createScript(redis, COMPARE_AND_SET)
  const parse = (raw: string | null) => (raw === null ? undefined : schema.parse(JSON.parse(raw)))

  return {
    async get(id) {
      return parse(await redis.get(key(id)))
    },
    async update(id, decide) {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const raw = await redis.get(key(id))
        const { next, result } = decide(parse(raw))
        if (next === undefined) return result
        const isWritten = await compareAndSet(key(id), raw ?? '', JSON.stringify(next), ttlSeconds(next) ?? 0)
        if (isWritten === 1) return result
      }
      throw new Error(`The record ${id} changed ${MAX_TRIES} times while it was being updated`)
    },
    async remove(id) {
      await redis.del(key(id))
    },
  }
}
