import {
  checkOwner,
  connectOnce,
  ForeignDataError,
  loadConfig,
  readRedisFacts,
  redisEnvironment,
  splitIds,
} from '@switchboard/runtime'
import { z } from 'zod'

import { applicationId } from './data-folder.ts'
import { problemsIn } from './problems-in.ts'
import { OLDEST_REDIS } from './redis.ts'
import type { Environment } from './stack-environment.ts'

/** People shall know within five seconds. */
const LIMIT_MS = 4_000

/** What keeps the Redis at REDIS_URL from being used, each with the way out. */
export async function examineGivenRedis(env: Environment, dataFolder: string): Promise<string[]> {
  const schema = z.object(redisEnvironment)
  if (problemsIn(schema, env).length > 0) return []
  const config = loadConfig(schema, env)
  const address = `REDIS_URL: the Redis at ${new URL(config.REDIS_URL).host}`
  try {
    await using redis = await connectOnce(config, LIMIT_MS)
    await checkOwner(redis, splitIds(applicationId(env, dataFolder)))
    const { version, policy } = await readRedisFacts(redis)
    return [
      ...(Number.parseInt(version, 10) < OLDEST_REDIS
        ? [`${address} is version ${version}, and ${OLDEST_REDIS} or newer is needed. Update it, or use another.`]
        : []),
      ...(policy !== '' && policy !== 'noeviction'
        ? [`${address} has maxmemory-policy ${policy}: it may throw messages away. Set noeviction.`]
        : []),
    ]
  } catch (error) {
    if (error instanceof ForeignDataError) return [`${address}: ${error.message}`]
    const reason = error instanceof Error ? error.message : String(error)
    return [
      `${address} cannot be used: ${reason}. Start it, correct REDIS_URL, or unset it: then npm start runs one of its own.`,
    ]
  }
}
