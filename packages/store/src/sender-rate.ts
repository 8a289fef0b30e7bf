import type { AlertChannel } from '@switchboard/contracts'

import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

/** Token bucket by its theoretical arrival time (GCRA), in microseconds of Redis' own clock: one key, one number. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = arrival - now - burst
if wait > 0 then return math.ceil(wait / 1000) end
redis.call('SET', KEYS[1], string.format('%.0f', arrival + cost), 'PX', math.ceil((arrival + cost - now) / 1000) + 1000)
return 0`

export type SenderRate = ReturnType<typeof createSenderRate>

/** One rate per sender, shared by all replicas. */
export function createSenderRate(redis: RedisConnection) {
  const take = createScript(redis, TAKE)
  return {
    /**
     * Takes `tokens` (an SMS costs one per part) from a sender's bucket, which holds half a second's worth. Returns 0
     * when they were taken, else how many milliseconds to wait before asking again.
     */
    async take(channel: AlertChannel, sender: string, tokens: number, perSecond: number): Promise<number> {
      const tokenMicroseconds = 1_000_000 / perSecond
      const wait = await take(keys.senderRate(channel, sender), tokens * tokenMicroseconds, 500_000)
      return Number(wait)
    },
  }
}
