import { z } from 'zod'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

const MINUTE_MS = 60_000
const KEPT_MINUTES = 24 * 60

/** How a queue stood: how many jobs waited, and how long the one that waited longest. */
export interface QueueDepth {
  waiting: number
  oldestSeconds: number
}

/** How all queues stood at one minute; those in which nothing waited are left out. */
export interface DepthSample {
  at: number
  queues: ReadonlyMap<string, QueueDepth>
}

const written = z.record(z.string(), z.tuple([z.number(), z.number()]))

export type QueueDepths = ReturnType<typeof createQueueDepths>

/**
 * How the queues stood in each minute of a day. Of several consoles the first one writes a minute; a minute in which none
 * ran is missing. One hash, bounded by its fields: what is older goes when something new comes.
 */
export function createQueueDepths(redis: RedisConnection) {
  const key = keys.queueDepths
  return {
    async note(at: number, depths: ReadonlyMap<string, QueueDepth>): Promise<void> {
      const minute = Math.floor(at / MINUTE_MS)
      const value = Object.fromEntries([...depths].map(([name, depth]) => [name, [depth.waiting, depth.oldestSeconds]]))
      const isFirst = await redis.hsetnx(key, String(minute), JSON.stringify(value))
      if (isFirst === 0) return
      await redis.expire(key, KEPT_MINUTES * 60)
      const old = (await redis.hkeys(key)).filter((field) => Number(field) <= minute - KEPT_MINUTES)
      if (old.length > 0) await redis.hdel(key, ...old)
    },
    /** Oldest first. */
    async read(): Promise<DepthSample[]> {
      const samples = Object.entries(await redis.hgetall(key)).map(([minute, text]) => ({
        at: Number(minute) * MINUTE_MS,
        queues: new Map(
          Object.entries(written.parse(JSON.parse(text))).map(([name, [waiting, oldestSeconds]]) => [
            name,
            { waiting, oldestSeconds },
          ]),
        ),
      }))
      return samples.toSorted((a, b) => a.at - b.at)
    },
  }
}
