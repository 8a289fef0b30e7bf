import type { z } from 'zod'

import { gatherReads } from './gather-reads.ts'
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
  /**
   * The same without reading first: for a record as it was read or written a moment ago, or that is most likely not
   * there. A wrong guess costs nothing more. `beforeWrite` is sent right before each try to write and arrives first.
   */
  updateFrom<Result>(
    known: Value | undefined,
    id: string,
    decide: Decide<Value, Result>,
    beforeWrite?: (before: Value | undefined, after: Value) => Promise<unknown> | undefined,
  ): Promise<Result>
  remove(id: string): Promise<void>
}

/** Where records lie, as text; '' is none. */
export interface RecordPlace {
  read(id: string): Promise<string>
  /** Writes if nobody wrote in between, and answers nothing then, else what is there instead. */
  compareAndSet(id: string, seenVersion: string, next: NewRecord): Promise<string | undefined>
  remove(id: string): Promise<void>
}

export interface NewRecord {
  version: string
  encoded: object
  /** 0: does not expire. */
  ttlSeconds: number
}

export interface RecordsOptions<Value extends object> {
  schema: z.ZodType<Value>
  key: (id: string) => string
  /** How a record is written where that is shorter; the schema reads it back. */
  encode?: (value: Value) => object
  /** Undefined: the record does not expire. */
  ttlSeconds: (value: Value) => number | undefined
  /** Where some of them lie when not under a key of their own. */
  placeOf?: (id: string) => RecordPlace | undefined
}

/**
 * Answers nothing when it has written, else what is there instead. A record begins with its version, `{"v":3,`; one that
 * has none, written before there were versions, is compared as a whole.
 */
const COMPARE_AND_SET = `
local current = redis.call('GET', KEYS[1]) or ''
if (string.match(current, '^{"v":(%d+),') or current) ~= ARGV[1] then return current end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return false`

const VERSION = /^\{"v":(\d+),/
const ABSENT = ''

/** Contention on one record is a handful of events; more tries mean something is wrong. */
const MAX_TRIES = 100

/** Records of one type: JSON strings that move forward by compare-and-set. */
export function createRecords<Value extends object>(
  redis: RedisConnection,
  { schema, key, ttlSeconds, encode = (value) => value, placeOf }: RecordsOptions<Value>,
): Records<Value> {
  const keyed = createKeyPlace(redis, key)
  const at = (id: string) => placeOf?.(id) ?? keyed
  const { parse, format, versionOf } = createFormat(schema, encode)
  const read = async (id: string) => parse(await at(id).read(id))
  type BeforeWrite = Parameters<Records<Value>['updateFrom']>[3]

  async function update<Result>(id: string, decide: Decide<Value, Result>, beforeWrite?: BeforeWrite): Promise<Result> {
    const current = await read(id)
    return write(id, current, decide(current), decide, beforeWrite)
  }

  async function write<Result>(
    id: string,
    seen: Value | undefined,
    decided: Change<Value, Result>,
    decide: Decide<Value, Result>,
    beforeWrite?: BeforeWrite,
  ): Promise<Result> {
    let current = seen
    let { next, result } = decided
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (next === undefined) return result
      const { seenVersion, ...formatted } = format(next, current)
      const record = { ...formatted, ttlSeconds: ttlSeconds(next) ?? 0 }
      const announced = beforeWrite?.(current, next)
      // One connection keeps the order, those to several nodes do not.
      if (redis.isCluster) await announced
      const [other] = await Promise.all([at(id).compareAndSet(id, seenVersion, record), announced])
      if (other === undefined) return result
      current = parse(other)
      ;({ next, result } = decide(current))
    }
    throw new Error(`The record ${id} changed ${MAX_TRIES} times while it was being updated`)
  }

  return {
    get: read,
    update,
    async updateFrom(known, id, decide, beforeWrite) {
      const decided = versionOf(known) === undefined ? undefined : decide(known)
      // To leave a record as it is says nothing about a record that was only guessed.
      if (decided?.next === undefined) return update(id, decide, beforeWrite)
      return write(id, known, decided, decide, beforeWrite)
    },
    remove: (id) => at(id).remove(id),
  }
}

/** Each under a key of its own. */
function createKeyPlace(redis: RedisConnection, key: (id: string) => string): RecordPlace {
  const compareAndSet = createScript(redis, COMPARE_AND_SET)
  const read = gatherReads(redis)
  return {
    read: async (id) => (await read(key(id))) ?? ABSENT,
    async compareAndSet(id, seenVersion, { version, encoded, ttlSeconds }) {
      const other = await compareAndSet(key(id), seenVersion, toJson(version, encoded), ttlSeconds)
      return typeof other === 'string' ? other : undefined
    },
    async remove(id) {
      await redis.del(key(id))
    },
  }
}

/** A record begins with its version. */
export function toJson(version: string, encoded: object): string {
  return `{"v":${version},${JSON.stringify(encoded).slice(1)}`
}

/** How records look in Redis: as they are encoded, behind a version, with what a newer version of us has written beside. */
function createFormat<Value extends object>(schema: z.ZodType<Value>, encode: (value: Value) => object) {
  const seen = new WeakMap<Value, { version: string; unknown: object | undefined }>()
  return {
    parse: (raw: string): Value | undefined => {
      if (raw === ABSENT) return undefined
      const [prefix, version = raw] = VERSION.exec(raw) ?? []
      const written: unknown = JSON.parse(prefix === undefined ? raw : `{${raw.slice(prefix.length)}`)
      const value = schema.parse(written)
      seen.set(value, { version, unknown: without(written, encode(value)) })
      return value
    },
    /** The version that is expected to be there still, and what replaces it. */
    format: (next: Value, current: Value | undefined): { seenVersion: string; version: string; encoded: object } => {
      const { version = ABSENT, unknown } = (current && seen.get(current)) ?? {}
      const nextVersion = /^\d+$/.test(version) ? String(Number(version) + 1) : '1'
      seen.set(next, { version: nextVersion, unknown })
      return { seenVersion: version, version: nextVersion, encoded: { ...unknown, ...encode(next) } }
    },
    /** Undefined: nobody has seen it in Redis. */
    versionOf: (value: Value | undefined) => (value === undefined ? ABSENT : seen.get(value)?.version),
  }
}

/** The members of an object that another one does not have. */
function without(written: unknown, known: unknown): object | undefined {
  const others = Object.entries(Object(written)).filter(([name]) => !(name in Object(known)))
  return others.length > 0 ? Object.fromEntries(others) : undefined
}
