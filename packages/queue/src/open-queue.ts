import { Queue } from 'bullmq'
import type { QueueOptions } from 'bullmq'

import { queuePrefix } from './connection.ts'
import type { RedisConnection } from './connection.ts'

/** A queue to look at, to repair, and with the options of whoever adds to it. */
export function openQueue(name: string, redis: RedisConnection, options: Partial<QueueOptions> = {}): Queue {
  const queue = new Queue(name, {
    connection: redis,
    prefix: queuePrefix(name),
    skipVersionCheck: true,
    skipWaitingForReady: true,
    // Only whoever adds says how much is kept of a queue's events.
    skipMetasUpdate: true,
    ...options,
  })
  // The connection reports its own errors; without a listener BullMQ's copy of them would end the process.
  queue.on('error', () => undefined)
  return queue
}
