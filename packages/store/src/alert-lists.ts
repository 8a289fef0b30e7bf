import { endedAt } from '@switchboard/contracts'
import type { Alert } from '@switchboard/contracts'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** The longest walk: 100 users of 20 channels of a day, six times, is not one; two months are generous. */
export const WALKING_KEPT_SECONDS = 60 * 86_400

/** For so long an alert that nobody answered is brought to mind: over a weekend and the holiday after it. */
const UNANSWERED_MS = 7 * 86_400_000

type Ended = Pick<Alert, 'id' | 'createdAt' | 'state' | 'attendedBy' | 'timeline' | 'dispatch'>

/** The alerts that walk, those that have ended, those that are blocked. */
export function createAlertLists(redis: RedisConnection) {
  return {
    /** Lists an alert that has ended: apart if nobody has taken it, unless that is its caller's to know. */
    async listEnded(alert: Ended): Promise<void> {
      const { id, createdAt, state, dispatch } = alert
      const isUnanswered = state === 'exhausted' && dispatch === undefined
      await Promise.all([
        redis.zadd(keys.endedAlerts, 'NX', createdAt, id),
        isUnanswered
          ? redis.zadd(keys.unansweredAlerts, endedAt(alert) ?? createdAt, id)
          : redis.zrem(keys.unansweredAlerts, id),
      ])
    },
    /** It had ended, and walks again. */
    async listOpen({ id }: Pick<Alert, 'id'>): Promise<void> {
      await Promise.all([redis.zrem(keys.endedAlerts, id), redis.zrem(keys.unansweredAlerts, id)])
    },
    /** Those that nobody answered and nobody has taken since, of the last week, newest first. */
    unanswered: (now: number, limit: number): Promise<string[]> =>
      redis.zrevrangebyscore(keys.unansweredAlerts, '+inf', now - UNANSWERED_MS, 'LIMIT', 0, limit),
    countUnanswered: (now: number): Promise<number> => redis.zcount(keys.unansweredAlerts, now - UNANSWERED_MS, '+inf'),
    /** Could not ask everybody, and says so again before that moment if it still is so then. */
    async listBlocked(alertId: string, until: number): Promise<void> {
      await redis.zadd(keys.blockedAlerts, until, alertId)
    },
    async unlistBlocked(alertId: string): Promise<void> {
      await redis.zrem(keys.blockedAlerts, alertId)
    },
    countBlocked: (now: number): Promise<number> => redis.zcount(keys.blockedAlerts, now, '+inf'),
    countWalking: (): Promise<number> => redis.zcard(keys.walkingAlerts),
    walking: (offset: number, limit: number): Promise<string[]> =>
      redis.zrange(keys.walkingAlerts, String(offset), String(offset + limit - 1)),
    /** All alerts of the last two months: first those that walk, the next due first, then the others, newest first. */
    async recent(offset: number, limit: number): Promise<string[]> {
      const walking = await redis.zrange(keys.walkingAlerts, String(offset), String(offset + limit - 1))
      if (walking.length === limit) return walking
      const before = Math.max(0, offset - (await redis.zcard(keys.walkingAlerts)))
      return [...walking, ...(await redis.zrevrange(keys.endedAlerts, before, before + limit - walking.length - 1))]
    },
    /** Forgets index entries of alerts whose records have expired. */
    async trimRecent(now: number): Promise<void> {
      await redis.zremrangebyscore(keys.endedAlerts, '-inf', now - WALKING_KEPT_SECONDS * 1_000)
      await redis.zremrangebyscore(keys.unansweredAlerts, '-inf', now - UNANSWERED_MS)
      await redis.zremrangebyscore(keys.blockedAlerts, '-inf', now)
    },
  }
}
