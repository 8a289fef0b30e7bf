import { contactId } from '@switchboard/contracts'
import type { Contact, Recipient } from '@switchboard/contracts'

import { keys } from './keys.ts'
import { createScript } from './script.ts'
import type { RedisConnection } from './script.ts'

const WINDOW_MS = 600_000
const MAX_REPLIES = 10

const TAKE = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, ARGV[2] - ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

export type ReplyGuard = ReturnType<typeof createReplyGuard>

/** Caps automatic replies to one contact at 10 in 10 minutes, so that two robots cannot talk for ever. */
export function createReplyGuard(redis: RedisConnection) {
  const take = createScript(redis, TAKE)
  return {
    /** Whether this reply may go out. Asking again for the same message gives the same answer. */
    async allows(recipient: Recipient, messageId: string, now: number): Promise<boolean> {
      const key = keys.automaticReplies(contactId(recipient))
      return (await take(key, messageId, now, WINDOW_MS, MAX_REPLIES)) === 1
    },
    async erase(contact: Contact): Promise<void> {
      await redis.del(keys.automaticReplies(contactId(contact)))
    },
  }
}
