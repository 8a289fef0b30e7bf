import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

const MAX_HISTORY = 60
const KEPT_SECONDS = 30 * 86_400

/** The current value of a topic and its last values, oldest first. */
const feedValue = z.object({
  value: z.string(),
  tick: z.number().int(),
  at: z.number().int(),
  history: z.array(z.string()).default([]),
})
export type FeedValue = z.infer<typeof feedValue>

export type FeedValues = ReturnType<typeof createFeedValues>

export function createFeedValues(redis: RedisConnection) {
  const records = createRecords(redis, { schema: feedValue, key: keys.feedValue, ttlSeconds: () => KEPT_SECONDS })
  return {
    get: (topic: string) => records.get(topic),
    /**
     * Makes the value of a tick once: whoever comes second for the same tick gets the value of the first. `stale` when
     * a newer tick has been recorded.
     */
    record: (topic: string, { tick, at, value }: { tick: number; at: number; value: string }) =>
      records.update<{ kind: 'current'; value: string; previous: string | undefined } | { kind: 'stale' }>(
        topic,
        (current) => {
          if (current && current.tick > tick) return { result: { kind: 'stale' } }
          if (current?.tick === tick) {
            return { result: { kind: 'current', value: current.value, previous: current.history.at(-2) } }
          }
          const history = [...(current?.history ?? []), value].slice(-MAX_HISTORY)
          return { next: { value, tick, at, history }, result: { kind: 'current', value, previous: current?.value } }
        },
      ),
  }
}
