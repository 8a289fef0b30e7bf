import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

const MINUTE_MS = 60_000
const KEPT_SECONDS = 2 * 3_600
const MAX_RECENT = 10_000

/** How many messages of a channel reached a state in a minute. */
export interface TrafficCount {
  channel: string
  state: string
  count: number
}

export type Traffic = ReturnType<typeof createTraffic>

/**
 * What the console shows of the flow of messages: counts per minute and the ids of the newest. Written in batches by
 * the outbound service, which may lose the last second of it; the ledger itself is exact.
 */
export function createTraffic(redis: RedisConnection) {
  return {
    async add(at: number, counts: TrafficCount[]): Promise<void> {
      const key = keys.traffic(Math.floor(at / MINUTE_MS))
      await Promise.all(counts.map(({ channel, state, count }) => redis.hincrby(key, `${channel}.${state}`, count)))
      await redis.expire(key, KEPT_SECONDS)
    },
    /** One entry per minute, oldest first; the last one is the minute that is running. */
    async minutes(now: number, count: number): Promise<{ at: number; counts: TrafficCount[] }[]> {
      const last = Math.floor(now / MINUTE_MS)
      const minutes = Array.from({ length: count }, (_, index) => last - count + 1 + index)
      return Promise.all(
        minutes.map(async (minute) => ({
          at: minute * MINUTE_MS,
          counts: readCounts(await redis.hgetall(keys.traffic(minute))),
        })),
      )
    },
    async noteMessages(messages: { id: string; at: number }[]): Promise<void> {
      if (messages.length === 0) return
      await redis.zadd(keys.recentMessages, ...messages.flatMap(({ id, at }) => [at, id]))
      await redis.zremrangebyrank(keys.recentMessages, 0, -MAX_RECENT - 1)
    },
    /** Ids of messages made before a moment and not before `since`, newest first. */
    messagesBefore: (before: number, since: number, offset: number, limit: number): Promise<string[]> =>
      redis.zrange(keys.recentMessages, `(${before}`, String(since), 'BYSCORE', 'REV', 'LIMIT', offset, limit),
    /** Ids of messages, newest first. */
    recentMessages: (offset: number, limit: number): Promise<string[]> =>
      redis.zrevrange(keys.recentMessages, offset, offset + limit - 1),
  }
}

function readCounts(hash: Record<string, string>): TrafficCount[] {
  return Object.entries(hash).map(([field, count]) => {
    const [channel = '', state = ''] = field.split('.')
    return { channel, state, count: Number(count) }
  })
}
