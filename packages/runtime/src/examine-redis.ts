import { Cluster, Redis } from 'ioredis'

import { parseRedisInfo } from './redis-facts.ts'
import type { RedisFacts } from './redis-facts.ts'
import { sentinelOptions } from './redis.ts'
import type { RedisConfig } from './redis.ts'

const TIMEOUT_MS = 3_000
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
  const { REDIS_URL, REDIS_CLUSTER } = config
  const limits = { connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS, maxRetriesPerRequest: 0 }
  const client = REDIS_CLUSTER
    ? new Cluster([REDIS_URL], { clusterRetryStrategy: () => null, lazyConnect: true, redisOptions: limits })
    : new Redis(REDIS_URL, { ...limits, ...sentinelOptions(config), retryStrategy: () => null, lazyConnect: true })
  let reason: string | undefined
  client.on('error', (error: Error) => void (reason ??= error.message))
  try {
    await client.connect()
    return await examine(client)
  } catch (error) {
    // The promise says only that the connection is closed.
    throw new Error(reason ?? (error instanceof Error ? error.message : String(error)), { cause: error })
  } finally {
    client.disconnect()
  }
}

async function examine(client: Redis | Cluster): Promise<RedisExamination> {
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

async function readClock(client: Redis | Cluster): Promise<{ ms: number; offsetMs: number }> {
  const askedAt = performance.now()
  const [seconds, microseconds] = await client.time()
  const ms = performance.now() - askedAt
  const theirs = Number(seconds) * 1_000 + Number(microseconds) / 1_000
  return { ms, offsetMs: theirs - (Date.now() - ms / 2) }
}

async function readListpackBytes(client: Redis | Cluster): Promise<number | undefined> {
  const answer: unknown = await client.call('CONFIG', 'GET', 'hash-max-listpack-value').catch(() => undefined)
  const bytes = Array.isArray(answer) ? Number(answer[1]) : Number.NaN
  return Number.isFinite(bytes) ? bytes : undefined
}
