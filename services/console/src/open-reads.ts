import { readQueueStates } from '@switchboard/queue'
import type { OpenQueues } from '@switchboard/queue'
import { readRedisFacts } from '@switchboard/runtime'
import type { RedisConnection } from '@switchboard/runtime'

import { readNews } from './news.ts'
import type { openStores } from './open-stores.ts'
import { createRemembered } from './remembered.ts'

/** They are written once a minute. */
const DEPTHS_AGE_MS = 15_000

interface ReadDeps {
  queues: OpenQueues
  redis: RedisConnection
  stores: ReturnType<typeof openStores>
  now: () => number
}

/** What several pages and people ask for at once is read once. */
export function openReads({ queues, redis, stores, now }: ReadDeps) {
  const soon = { maxAgeMs: 900, now }
  return {
    readQueues: createRemembered(() => readQueueStates(queues, now()), soon),
    readDepths: createRemembered(() => stores.queueDepths.read(), { maxAgeMs: DEPTHS_AGE_MS, now }),
    readRedis: createRemembered(() => readRedisFacts(redis), soon),
    readHeld: createRemembered(() => stores.senders.held(), soon),
    readNews: createRemembered(() => readNews(stores, now()), soon),
  }
}
