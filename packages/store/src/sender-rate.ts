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
local wait = arrival + ARGV[3] - now - burst
if wait > 0 then return math.ceil(wait / 1000) end
redis.call('SET', KEYS[1], string.format('%.0f', arrival + cost), 'PX', math.ceil((arrival + cost - now) / 1000) + 1000)
return 0`

/** What a bucket holds. */
export const BURST_SECONDS = 0.5
const BURST_MICROSECONDS = BURST_SECONDS * 1_000_000

export type SenderRate = ReturnType<typeof createSenderRate>

/** One rate per sender, shared by all replicas. */
export function createSenderRate(redis: RedisConnection) {
  const take = createScript(redis, TAKE)
  async function takeLeaving(
    channel: AlertChannel,
    sender: string,
    tokens: number,
    perSecond: number,
    isSpare: boolean,
  ): Promise<number> {
    const cost = (tokens * 1_000_000) / perSecond
    const room = isSpare ? Math.min(cost, BURST_MICROSECONDS) : 0
    return Number(await take(keys.senderRate(channel, sender), cost, BURST_MICROSECONDS, room))
  }
  return {
    /**
     * Takes `tokens` (an SMS costs one per part) from a sender's bucket, which holds half a second's worth. Returns 0
     * when they were taken, else how many milliseconds to wait before asking again.
     */
    take: (channel: AlertChannel, sender: string, tokens: number, perSecond: number) =>
      takeLeaving(channel, sender, tokens, perSecond, false),
    /** The same, but only where the bucket holds all of them, so that whatever is more urgent finds it open. */
    takeSpare: (channel: AlertChannel, sender: string, tokens: number, perSecond: number) =>
      takeLeaving(channel, sender, tokens, perSecond, true),
  }
}
