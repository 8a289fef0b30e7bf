import { z } from 'zod'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** Where somebody is logged in. */
const openSession = z.object({
  id: z.string(),
  /** Of the account when it began: those of an earlier one are over. */
  epoch: z.int(),
  since: z.int(),
  expiresAt: z.int(),
  /** What the browser calls itself, and where it was. */
  browser: z.string(),
  ip: z.string(),
})
export type OpenSession = z.infer<typeof openSession>

export type OpenSessions = ReturnType<typeof createOpenSessions>

/** The sessions of each account, for its own page. What counts is the cookie: who ends one ends it there. */
export function createOpenSessions(redis: RedisConnection) {
  const remove = async (name: string, ids: string[]): Promise<void> => {
    if (ids.length > 0) await redis.hdel(keys.openSessions(name), ...ids)
  }
  return {
    async add(name: string, session: OpenSession): Promise<void> {
      const key = keys.openSessions(name)
      await redis.hset(key, session.id, JSON.stringify(session))
      await redis.pexpireat(key, session.expiresAt)
    },
    /** The newest first. Those that are over are forgotten. */
    async list(name: string, epoch: number, now: number): Promise<OpenSession[]> {
      const rows = await redis.hvals(keys.openSessions(name))
      const all = rows.map((row) => openSession.parse(JSON.parse(row)))
      const isOpen = (session: OpenSession) => session.epoch === epoch && session.expiresAt > now
      await remove(
        name,
        all.filter((each) => !isOpen(each)).map(({ id }) => id),
      )
      return all.filter(isOpen).toSorted((one, other) => other.since - one.since)
    },
    remove: (name: string, id: string): Promise<void> => remove(name, [id]),
  }
}
