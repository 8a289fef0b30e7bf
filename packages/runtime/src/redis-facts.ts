import type { RedisConnection } from './redis.ts'

/** What an operator should know about the Redis in use. */
export interface RedisFacts {
  version: string
  usedBytes: number
  /** 0: no limit. */
  maxBytes: number
  policy: string
  keepsOnRestart: boolean
  uptimeSeconds: number
  clients: number
  commandsPerSecond: number
  /** In plain words; empty when all is well. */
  warnings: string[]
}

export async function readRedisFacts(redis: Pick<RedisConnection, 'info'>): Promise<RedisFacts> {
  return parseRedisInfo(await redis.info())
}

/** Reads the answer of INFO and says what is unsafe about it. */
export function parseRedisInfo(info: string): RedisFacts {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : []
    }),
  )
  const number = (name: string) => Number(fields.get(name) ?? 0) || 0
  const facts = {
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? 'unknown',
    usedBytes: number('used_memory'),
    maxBytes: number('maxmemory'),
    policy: fields.get('maxmemory_policy') ?? '',
    keepsOnRestart: fields.get('aof_enabled') === '1',
    uptimeSeconds: number('uptime_in_seconds'),
    clients: number('connected_clients'),
    commandsPerSecond: number('instantaneous_ops_per_sec'),
  }
  return { ...facts, warnings: warningsOf(facts, fields) }
}

const NEARLY_FULL = 0.8

function warningsOf(facts: Omit<RedisFacts, 'warnings'>, fields: Map<string, string>): string[] {
  const { policy, maxBytes, usedBytes, keepsOnRestart } = facts
  return [
    ...(policy === '' ? ['The eviction policy is not known: make sure maxmemory-policy is noeviction.'] : []),
    ...(policy !== '' && policy !== 'noeviction'
      ? [`maxmemory-policy is ${policy}: a full Redis would throw messages away. Set noeviction.`]
      : []),
    ...(keepsOnRestart ? [] : ['Append-only file is off: messages are lost when Redis restarts. Set appendonly yes.']),
    ...(fields.get('aof_last_write_status') === 'err'
      ? ['The last write to the append-only file failed: look at the disk.']
      : []),
    ...(maxBytes > 0 && usedBytes > maxBytes * NEARLY_FULL
      ? [`Memory is ${Math.round((usedBytes / maxBytes) * 100)} % full: Redis will refuse messages when it is full.`]
      : []),
  ]
}
