import { Cluster, Redis } from 'ioredis'

import { sentinelOptions, tlsOptions } from './redis.ts'
import type { RedisConfig, RedisConnection } from './redis.ts'

/**
 * Connects without trying again, for programs that would rather say what is wrong than wait. Throws an error whose
 * message is the reason, after the limit at the latest.
 */
export async function connectOnce(config: RedisConfig, limitMs: number): Promise<RedisConnection> {
  const client = config.REDIS_CLUSTER ? lazyCluster(config, limitMs) : lazySingle(config, limitMs)
  let reason: string | undefined
  client.on('error', (error: Error) => void (reason ??= describe(error)))
  const timer = setTimeout(() => {
    reason ??= `no answer within ${limitMs / 1_000} s`
    client.disconnect()
  }, limitMs)
  try {
    await client.connect()
    await client.ping()
  } catch (error) {
    client.disconnect()
    throw new Error(reason ?? (error instanceof Error ? describe(error) : String(error)), { cause: error })
  } finally {
    clearTimeout(timer)
  }
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      client.disconnect()
    },
  })
}

function lazySingle(config: RedisConfig, limitMs: number): Redis {
  return new Redis(config.REDIS_URL, {
    ...tlsOptions(config),
    ...sentinelOptions(config),
    lazyConnect: true,
    retryStrategy: () => null,
    sentinelRetryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: limitMs,
    commandTimeout: limitMs,
  })
}

function lazyCluster(config: RedisConfig, limitMs: number): Cluster {
  return new Cluster([config.REDIS_URL], {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    redisOptions: { ...tlsOptions(config), connectTimeout: limitMs, commandTimeout: limitMs },
  })
}

/** What ioredis says of an answer that is not in the language of Redis. */
const NO_REDIS = /RESP type/

/** Where a name has several addresses, Node's error has a reason for each and no message. */
function describe(error: Error): string {
  if (NO_REDIS.test(error.message)) return 'what answers there is no Redis'
  const [first] = error instanceof AggregateError ? error.errors : [error]
  return first instanceof Error ? first.message : String(first)
}
