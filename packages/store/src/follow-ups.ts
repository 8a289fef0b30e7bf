import { contact, personId } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createPersonIndex } from './person-index.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

/** Something that a person should look at, because we could not make sense of it. */
export const followUp = z.object({
  id: z.string(),
  /**
   * `opt-out-wish`: sounds like an opt-out; `invalid-replies`: a question that is not answered after three re-asks;
   * `unsent`: a question that could not be sent in time.
   */
  kind: z.enum(['opt-out-wish', 'invalid-replies', 'unsent']),
  contact,
  text: z.string().nullable(),
  notificationId: z.string().optional(),
  createdAt: z.number().int(),
  doneAt: z.number().int().optional(),
})
export type FollowUp = z.infer<typeof followUp>

const KEPT_SECONDS = 90 * 86_400

export type FollowUps = ReturnType<typeof createFollowUps>

export function createFollowUps(redis: RedisConnection, now: () => number = Date.now) {
  const records = createRecords(redis, { schema: followUp, key: keys.followUp, ttlSeconds: () => KEPT_SECONDS })
  const index = createPersonIndex(redis)
  return {
    get: (id: string) => records.get(id),
    /** The same id twice is one; one that is done stays done. */
    async add(created: FollowUp): Promise<void> {
      await index.add(personId(created.contact), 'follow-up', created.id, now())
      const kept = await records.update<FollowUp>(created.id, (current) =>
        current ? { result: current } : { next: created, result: created },
      )
      if (kept.doneAt === undefined) await redis.zadd(keys.openFollowUps, kept.createdAt, kept.id)
    },
    /** Undefined when there is no such follow-up. */
    async finish(id: string): Promise<FollowUp | undefined> {
      const done = await records.update<FollowUp | undefined>(id, (current) => {
        if (!current || current.doneAt !== undefined) return { result: current }
        const next = { ...current, doneAt: now() }
        return { next, result: next }
      })
      await redis.zrem(keys.openFollowUps, id)
      return done
    },
    /** Those that are not done, oldest first. */
    async open(offset: number, limit: number): Promise<FollowUp[]> {
      await redis.zremrangebyscore(keys.openFollowUps, '-inf', now() - KEPT_SECONDS * 1_000)
      const ids = await redis.zrange(keys.openFollowUps, String(offset), String(offset + limit - 1))
      const found = await Promise.all(ids.map((id) => records.get(id)))
      return found.filter((each) => each !== undefined)
    },
    countOpen: (): Promise<number> => redis.zcard(keys.openFollowUps),
    async erase(person: string): Promise<number> {
      const ids = await index.list(person, 'follow-up', now())
      for (const id of ids) {
        await records.remove(id)
        await redis.zrem(keys.openFollowUps, id)
      }
      await index.remove(person, 'follow-up', now())
      return ids.length
    },
  }
}
