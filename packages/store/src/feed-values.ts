import { z } from 'zod'

import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'
import { createWorkflowRecords } from './workflow-records.ts'

const MAX_HISTORY = 60
const KEPT_SECONDS = 30 * 86_400

/** The current value of a topic. A tick is the millisecond its update was due or pushed: newer is greater. */
const feedValue = z.object({ value: z.string(), tick: z.int(), previous: z.string().optional() })
export type FeedValue = z.infer<typeof feedValue>

/** The moment, or right after the last one: whoever asks later gets the greater one, whatever clock he has. */
const NEXT_TICK = `
local tick = math.max(tonumber(ARGV[1]), (tonumber(redis.call('GET', KEYS[1])) or 0) + 1)
redis.call('SET', KEYS[1], string.format('%.0f', tick), 'EX', ARGV[2])
return tick`

export type FeedValues = ReturnType<typeof createFeedValues>

/** Written by the feeds service alone, as a workflow. */
export function createFeedValues(redis: RedisConnection) {
  const nextTick = createScript(redis, NEXT_TICK)
  const records = createWorkflowRecords<FeedValue>(redis, {
    schema: feedValue.loose(),
    key: keys.feedValue,
    ttlSeconds: () => KEPT_SECONDS,
    dueKey: keys.dueFeedValues,
  })
  return {
    records,
    get: (topic: string) => records.get(topic),
    /** The tick of an update that is pushed now: greater than that of any that was pushed before it. */
    async nextTick(topic: string, now: number): Promise<number> {
      return Number(await nextTick(keys.feedTick(topic), now, KEPT_SECONDS))
    },
    /** Keeps a value among the last ones; the same tick again is the same entry. */
    async remember(topic: string, { tick, value }: Pick<FeedValue, 'tick' | 'value'>): Promise<void> {
      const key = keys.feedHistory(topic)
      await redis.zadd(key, tick, `${tick}:${value}`)
      await redis.zremrangebyrank(key, 0, -MAX_HISTORY - 1)
      await redis.expire(key, KEPT_SECONDS)
    },
    /** The last values, oldest first. */
    async history(topic: string): Promise<string[]> {
      const entries = await redis.zrange(keys.feedHistory(topic), '0', '-1')
      return entries.map((entry) => entry.slice(entry.indexOf(':') + 1))
    },
  }
}
