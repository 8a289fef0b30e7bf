import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { Change } from './records.ts'
import type { RedisConnection } from './script.ts'

const MAX_HISTORY = 60
const KEPT_SECONDS = 30 * 86_400

/** The current value of a topic. A tick is the millisecond its update was due or pushed: newer is greater. */
const feedValue = z.object({ value: z.string(), tick: z.number().int(), previous: z.string().optional() })
export type FeedValue = z.infer<typeof feedValue>

export type RecordedValue = { kind: 'current'; value: string; previous: string | undefined } | { kind: 'stale' }

export type FeedValues = ReturnType<typeof createFeedValues>

export function createFeedValues(redis: RedisConnection) {
  const records = createRecords(redis, { schema: feedValue, key: keys.feedValue, ttlSeconds: () => KEPT_SECONDS })
  return {
    get: (topic: string) => records.get(topic),
    /**
     * Makes the value of a tick once: whoever comes second for the same tick gets the value of the first. `stale` when
     * a newer tick has been recorded.
     */
    async record(topic: string, tick: number, value: string): Promise<RecordedValue> {
      const recorded = await records.update(topic, (current) => recordValue(current, tick, value))
      if (recorded.kind === 'current' && recorded.value === value) await remember(redis, topic, value)
      return recorded
    },
    /** The last values, oldest first. */
    history: (topic: string): Promise<string[]> => redis.lrange(keys.feedHistory(topic), 0, -1),
  }
}

async function remember(redis: RedisConnection, topic: string, value: string): Promise<void> {
  const key = keys.feedHistory(topic)
  await redis.rpush(key, value)
  await redis.ltrim(key, -MAX_HISTORY, -1)
  await redis.expire(key, KEPT_SECONDS)
}

export function recordValue(
  current: FeedValue | undefined,
  tick: number,
  value: string,
): Change<FeedValue, RecordedValue> {
  if (current && current.tick > tick) return { result: { kind: 'stale' } }
  if (current?.tick === tick) return { result: { kind: 'current', value: current.value, previous: current.previous } }
  const previous = current?.value
  return {
    next: { value, tick, ...(previous === undefined ? {} : { previous }) },
    result: { kind: 'current', value, previous },
  }
}
