import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`

const KEEP = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('EXPIRE', KEYS[1], ARGV[2]) end
return 1`

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`

export type Lines = ReturnType<typeof createLines>

/**
 * Whose call a phone number is busy with: one of ours at a time, or the second would be told that it is engaged. Each
 * has an end of its own: the last event of a call may never come.
 */
export function createLines(redis: RedisConnection) {
  const take = createScript(redis, TAKE)
  const keep = createScript(redis, KEEP)
  const release = createScript(redis, RELEASE)
  return {
    /** True when the line is this message's, also when it was before. */
    take: async (number: string, messageId: string, seconds: number): Promise<boolean> =>
      (await take(keys.line(number), messageId, seconds)) === 1,
    /** Goes on holding it; nothing happens to a line that is another message's. */
    keep: async (number: string, messageId: string, seconds: number): Promise<void> =>
      void (await keep(keys.line(number), messageId, seconds)),
    release: async (number: string, messageId: string): Promise<void> =>
      void (await release(keys.line(number), messageId)),
  }
}
