import { gather } from './gather.ts'
import type { RedisConnection } from './script.ts'

/**
 * Reads strings: what is asked for in one turn of the event loop is one command, which costs a fifth. A cluster has its
 * keys in several places and is asked one by one.
 */
export function gatherReads(redis: RedisConnection): (key: string) => Promise<string | null> {
  if (redis.isCluster) return (key) => redis.get(key)
  return gather(async (keys) => (keys[1] === undefined ? [await redis.get(keys[0] ?? '')] : redis.mget(keys)))
}

/** Whether any of the keys that are asked for in one turn of the event loop exists: for what is most likely not there. */
export function gatherExists(redis: RedisConnection): (key: string) => Promise<boolean> {
  if (redis.isCluster) return async (key) => (await redis.exists(key)) > 0
  return gather(async (keys) => {
    const isAny = (await redis.exists(...keys)) > 0
    return keys.map(() => isAny)
  })
}
