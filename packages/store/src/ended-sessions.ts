import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

export type EndedSessions = ReturnType<typeof createEndedSessions>

/** Sessions of the console that ended before their time: their cookies are worthless from then on. */
export function createEndedSessions(redis: RedisConnection) {
  return {
    async end(sessionId: string, expiresAt: number): Promise<void> {
      await redis.set(keys.endedSession(sessionId), 1, 'PXAT', expiresAt)
    },
    async hasEnded(sessionId: string): Promise<boolean> {
      return (await redis.exists(keys.endedSession(sessionId))) === 1
    },
  }
}
