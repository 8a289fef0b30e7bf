import { Cluster, Redis } from 'ioredis'

import { gatherWrites } from './gather-writes.ts'
import type { Health } from './health.ts'
import type { Logger } from './logger.ts'

export type RedisConnection = (Redis | Cluster) & AsyncDisposable

export interface RedisConfig {
  REDIS_URL: string
  REDIS_CLUSTER: boolean
}

interface RedisContext {
  config: RedisConfig
  log: Logger
  health: Health
}

/** For workers: commands wait for Redis to come back. The job they belong to is tried again if they cannot. */
export function openRedis(context: RedisContext): RedisConnection {
  return open(context, { maxRetriesPerRequest: null, enableOfflineQueue: true })
}

/** For HTTP services: a command fails within 1.5 s when Redis is away, so that the caller gets a 503 and retries. */
export function openFailFastRedis(context: RedisContext): RedisConnection {
  return open(context, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 1_500 })
}

function open({ config, log, health }: RedisContext, options: CommandOptions): RedisConnection {
  const client = config.REDIS_CLUSTER ? openCluster(config.REDIS_URL, options) : openSingle(config.REDIS_URL, options)
  let lastError: string | undefined
  client.on('error', (error: Error) => {
    // A reconnect loop would repeat the same line several times a second.
    if (error.message !== lastError) log.error({ reason: error.message }, 'redis.unreachable')
    lastError = error.message
  })
  client.on('ready', () => {
    lastError = undefined
    log.info('redis.ready')
    void checkSettings(client, log)
  })
  health.addReadiness('redis', async () => {
    const answer = await Promise.race([client.ping().catch((error: Error) => error.message), timeout(1_000)])
    return answer === 'PONG' ? undefined : `does not answer: ${answer}`
  })
  return Object.assign(client, {
    async [Symbol.asyncDispose]() {
      client.disconnect()
    },
  })
}

interface CommandOptions {
  maxRetriesPerRequest: number | null
  enableOfflineQueue: boolean
  commandTimeout?: number
}

function openSingle(url: string, options: CommandOptions): Redis {
  const client = new Redis(url, {
    ...options,
    connectTimeout: 3_000,
    retryStrategy: (times: number) => Math.min(times * 100, 1_000),
  })
  gatherWrites(client)
  return client
}

function openCluster(url: string, options: CommandOptions): Cluster {
  const { enableOfflineQueue, ...rest } = options
  const redisOptions = { ...rest, connectTimeout: 3_000 }
  const client = new Cluster([url], { enableOfflineQueue, redisOptions })
  client.on('+node', gatherWrites)
  return client
}

function timeout(ms: number): Promise<string> {
  return new Promise((resolve) => void setTimeout(resolve, ms, 'timed out').unref())
}

/** Evicted keys would lose messages: refuse to run on such a Redis. Without AOF a restart of Redis loses them: say so. */
async function checkSettings(client: Redis | Cluster, log: Logger): Promise<void> {
  const info = await client.info().catch(() => '')
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1]
  if (policy && policy !== 'noeviction') {
    log.fatal({ policy }, 'redis.unsafe: set maxmemory-policy noeviction, otherwise Redis may throw messages away')
    process.exit(1)
  }
  if (!policy) log.warn('redis.unknown-eviction-policy: make sure maxmemory-policy is noeviction')
  if (!/aof_enabled:1/.test(info)) {
    log.warn('redis.no-append-only-file: messages are lost when Redis restarts; set appendonly yes')
  }
}
