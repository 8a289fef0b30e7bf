import type { TestProject } from 'vitest/node'

import { chooseRedis } from './choose-redis.ts'
import type { RedisKind } from './choose-redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
    redisKind: RedisKind
  }
}

/** One Redis for all files of a project; each file takes a database of its own with `openTestRedis`. */
export async function setup(project: TestProject): Promise<() => PromiseLike<void>> {
  const redis = await chooseRedis()
  console.log(`Redis for the ${project.name} tests: ${redis.description}`)
  project.provide('redisUrl', redis.url)
  project.provide('redisKind', redis.kind)
  return () => redis[Symbol.asyncDispose]()
}
