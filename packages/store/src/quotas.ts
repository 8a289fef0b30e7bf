import { createHash } from 'node:crypto'

import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

/** A taker that is known is not counted again: a form that is sent twice is one. */
const TAKE = `
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 1 end
if redis.call('SCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('SADD', KEYS[1], ARGV[1])
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return 1`

export interface Quota {
  name: string
  subject: string
  max: number
  windowSeconds: number
}

export type Quotas = ReturnType<typeof createQuotas>

/** How much of something is used up in a window of time that begins with the first use. */
export function createQuotas(redis: RedisConnection) {
  const take = createScript(redis, TAKE)
  return {
    /** Whether `taker` may have one of the `max` that `subject` (kept as a hash only) has in a window. */
    take: async (quota: Quota, taker: string): Promise<boolean> =>
      (await take(keyOf(quota), taker, quota.max, quota.windowSeconds)) === 1,
    /** Whether somebody else may have one. */
    hasRoom: async (quota: Quota): Promise<boolean> => (await redis.scard(keyOf(quota))) < quota.max,
  }
}

function keyOf({ name, subject }: Pick<Quota, 'name' | 'subject'>): string {
  return keys.quota(name, createHash('sha256').update(subject).digest('base64url').slice(0, 22))
}
