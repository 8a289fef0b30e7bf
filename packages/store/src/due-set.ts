import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

const ENTER = `
local previous = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
return previous`

/** Unless somebody else has entered it since, or taken it out. */
const SETTLE = `
local stands = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not stands or tonumber(stands) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] ~= '' then redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) else redis.call('ZREM', KEYS[1], ARGV[1]) end
return 1`

const TAKE = `
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(ids) do redis.call('ZADD', KEYS[1], ARGV[2], id) end
return ids`

export type DueSet = ReturnType<typeof createDueSet>

/**
 * The records of one workflow that are not settled: a sorted set of their ids, by the time at which somebody must look
 * again. For what the operations promise see `DueSet` of packages/workflow.
 */
export function createDueSet(redis: RedisConnection, key: string) {
  const enter = createScript(redis, ENTER)
  const settle = createScript(redis, SETTLE)
  const take = createScript(redis, TAKE)
  return {
    async enter(id: string, at: number): Promise<number | undefined> {
      return readScore(await enter(key, id, at))
    },
    async settle(id: string, from: number, at: number | undefined): Promise<boolean> {
      return (await settle(key, id, from, at ?? '')) === 1
    },
    async positions(ids: string[]): Promise<(number | undefined)[]> {
      return ids.length === 0 ? [] : (await redis.zmscore(key, ...ids)).map(readScore)
    },
    async take(before: number, until: number, limit: number): Promise<string[]> {
      const ids = await take(key, before, until, limit)
      return Array.isArray(ids) ? ids.map(String) : []
    },
  }
}

function readScore(score: unknown): number | undefined {
  return typeof score === 'string' ? Number(score) : undefined
}
