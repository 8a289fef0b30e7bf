import { createHash } from 'node:crypto'

import type { Cluster, Redis } from 'ioredis'

export type RedisConnection = Redis | Cluster

/** A Lua script on one key, sent once and called by its digest from then on. */
export function createScript(redis: RedisConnection, lua: string) {
  const digest = createHash('sha1').update(lua).digest('hex')
  return async (key: string, ...args: (string | number)[]): Promise<unknown> => {
    try {
      return await redis.evalsha(digest, 1, key, ...args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return redis.eval(lua, 1, key, ...args)
    }
  }
}
