import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import type { Redis } from 'ioredis'
import { z } from 'zod'

const common = { key: z.string(), ttl: z.number().optional() }
const strings = z.array(z.string())
const entry = z.discriminatedUnion('type', [
  z.object({ ...common, type: z.literal('string'), value: z.string() }),
  z.object({ ...common, type: z.literal('hash'), value: z.record(z.string(), z.string()) }),
  z.object({ ...common, type: z.literal('set'), value: strings }),
  z.object({ ...common, type: z.literal('list'), value: strings }),
  z.object({ ...common, type: z.literal('zset'), value: strings }),
])
const recorded = z.object({ at: z.number(), alerts: z.record(z.string(), z.string()), entries: z.array(entry) })

const DAY_MS = 86_400_000
/** BullMQ's delayed jobs are sorted by their time and the order within it. */
const JOBS_PER_MS = 4_096

/** Writes what an older version left behind into an empty Redis, as if that version had been stopped a moment ago. */
export async function loadRecords(redis: Redis, name: string): Promise<Record<string, string>> {
  const text = readFileSync(resolve(import.meta.dirname, name), 'utf8')
  const { at, alerts, entries } = recorded.parse(JSON.parse(text))
  const shift = shiftBy(at, Date.now())
  for (const { key: writtenKey, ttl, type, value } of entries) {
    const key = shift.key(writtenKey)
    if (type === 'string') await redis.set(key, shift.text(value))
    if (type === 'hash') await redis.hset(key, mapValues(value, shift.text))
    if (type === 'set') await redis.sadd(key, ...value.map(shift.text))
    if (type === 'list') await redis.rpush(key, ...value.map(shift.text))
    if (type === 'zset') {
      for (let index = 0; index < value.length; index += 2) {
        await redis.zadd(key, shift.score(Number(value[index + 1])), shift.text(value[index] ?? ''))
      }
    }
    if (ttl !== undefined) await redis.pexpire(key, ttl)
  }
  return alerts
}

/** Every moment within days of the recording is moved; so are the days that keys are named after. */
function shiftBy(from: number, to: number) {
  const ms = to - from
  const days = Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS)
  const isMoment = (value: number) => Math.abs(value - from) < 30 * DAY_MS
  const text = (written: string) =>
    written.replaceAll(/(?<![\d.])\d{13}(?!\d)/g, (digits) =>
      isMoment(Number(digits)) ? String(Number(digits) + ms) : digits,
    )
  return {
    text,
    key: (key: string) => text(key).replaceAll(/:(\d{5})(?=:|$)/g, (_whole, day: string) => `:${Number(day) + days}`),
    score: (score: number) => {
      if (isMoment(score)) return score + ms
      return isMoment(score / JOBS_PER_MS) ? score + ms * JOBS_PER_MS : score
    },
  }
}

function mapValues(record: Record<string, string>, change: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
