import { connectOnce } from './connect-once.ts'
import { parseRedisInfo } from './redis-facts.ts'
import type { RedisFacts } from './redis-facts.ts'
import type { RedisConfig, RedisConnection } from './redis.ts'

const LIMIT_MS = 3_000
const PINGS = 15

/** What one look from outside tells about a Redis. */
export interface RedisExamination {
  facts: RedisFacts
  /** How often per second Redis looks after its timers; undefined where it does not say. */
  hz: number | undefined
  /** `hash-max-listpack-value`; undefined where CONFIG is not allowed, as with some hosted ones. */
  listpackBytes: number | undefined
  /** Its clock minus ours. */
  offsetMs: number
  /** The middle one of some round trips. */
  latencyMs: number
}

/** Connects, looks and leaves; writes nothing. Throws with the reason when there is no answer. */
export async function examineRedis(config: RedisConfig): Promise<RedisExamination> {
  await using client = await connectOnce(config, LIMIT_MS)
  return await examine(client)
}

async function examine(client: RedisConnection): Promise<RedisExamination> {
  const info = await client.info()
  const trips = new Array<{ ms: number; offsetMs: number }>()
  for (let count = 0; count < PINGS; count += 1) trips.push(await readClock(client))
  trips.sort((one, other) => one.ms - other.ms)
  const hz = Number(/^hz:(\d+)/m.exec(info)?.[1])
  return {
    facts: parseRedisInfo(info),
    hz: hz > 0 ? hz : undefined,
    listpackBytes: await readListpackBytes(client),
    // The quickest answer is the most exact one.
    offsetMs: trips[0]?.offsetMs ?? 0,
    latencyMs: trips[Math.floor(trips.length / 2)]?.ms ?? 0,
  }
}

async function readClock(client: RedisConnection): Promise<{ ms: number; offsetMs: number }> {
  const askedAt = performance.now()
  const [seconds, microseconds] = await client.time()
  const ms = performance.now() - askedAt
  const theirs = Number(seconds) * 1_000 + Number(microseconds) / 1_000
  return { ms, offsetMs: theirs - (Date.now() - ms / 2) }
}

async function readListpackBytes(client: RedisConnection): Promise<number | undefined> {
  const answer: unknown = await client.call('CONFIG', 'GET', 'hash-max-listpack-value').catch(() => undefined)
  const bytes = Array.isArray(answer) ? Number(answer[1]) : Number.NaN
  return Number.isFinite(bytes) ? bytes : undefined
}
