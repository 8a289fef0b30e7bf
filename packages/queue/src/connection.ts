import type { Cluster, Redis } from 'ioredis'

export type RedisConnection = Redis | Cluster

/** The hash tag keeps all keys of one queue in one slot of a Redis Cluster. */
export function queuePrefix(queueName: string): string {
  return `{sb-${queueName}}`
}
