import type { Cluster, Redis } from 'ioredis'

import type { Logger } from './logger.ts'

/** Evicted keys would lose messages: refuse to run on such a Redis. Without AOF a restart of Redis loses them: say so. */
export async function checkSettings(client: Redis | Cluster, log: Logger): Promise<void> {
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
