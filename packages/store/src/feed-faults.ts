import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

const KEPT_SECONDS = 86_400
const MAX_REASON = 300

/** A source that cannot be asked: one fault, however many ticks it lasts. */
const feedFault = z.object({
  since: z.int(),
  at: z.int(),
  reason: z.string(),
  count: z.int(),
})
export type FeedFault = z.infer<typeof feedFault>

export type FeedFaults = ReturnType<typeof createFeedFaults>

/** What is wrong with the sources of topics. Written by the feeds service alone; gone with the first answer, or a day later. */
export function createFeedFaults(redis: RedisConnection) {
  const records = createRecords(redis, { schema: feedFault, key: keys.feedFault, ttlSeconds: () => KEPT_SECONDS })
  return {
    get: (topic: string) => records.get(topic),
    add: (topic: string, { at, reason }: Pick<FeedFault, 'at' | 'reason'>) =>
      records.update<FeedFault>(topic, (current) => {
        const { since = at, count = 0 } = current ?? {}
        const next = { since, at, reason: reason.slice(0, MAX_REASON), count: count + 1 }
        return { next, result: next }
      }),
    clear: (topic: string) => records.remove(topic),
  }
}
