import { createHash } from 'node:crypto'

import type { Cluster, Redis } from 'ioredis'

import { gather } from './gather.ts'

export type RedisConnection = Redis | Cluster

type Argument = string | number

/** A Lua script on one key, sent once and called by its digest from then on. */
export function createScript(redis: RedisConnection, lua: string) {
  const run = createRunner(redis, lua)
  return (key: string, ...args: Argument[]): Promise<unknown> => run([key], args)
}

/**
 * A Lua script that does the same to each of its keys, with the arguments that come at the place of the key. What is asked
 * for in one turn of the event loop is one command, but on a cluster, which has its keys in several places.
 */
export function createScriptForEach(redis: RedisConnection, lua: string) {
  const run = createRunner(redis, lua)
  const together = gather(async (calls: { key: string; args: Argument[] }[]) => {
    await run(
      calls.map(({ key }) => key),
      calls.flatMap(({ args }) => args),
    )
    return calls.map(() => true)
  })
  return async (key: string, ...args: Argument[]): Promise<void> => {
    await (redis.isCluster ? run([key], args) : together({ key, args }))
  }
}

function createRunner(redis: RedisConnection, lua: string) {
  const digest = createHash('sha1').update(lua).digest('hex')
  return async (keys: string[], args: Argument[]): Promise<unknown> => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return redis.eval(lua, keys.length, ...keys, ...args)
    }
  }
}
