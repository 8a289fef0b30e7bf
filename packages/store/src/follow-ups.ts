import { contact, personId } from '@switchboard/contracts'
import { z } from 'zod'

import { keys } from './keys.ts'
import { createPersonIndex } from './person-index.ts'
import { createRecords } from './records.ts'
import type { Change } from './records.ts'
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
  createdAt: z.int(),
  doneAt: z.int().optional(),
  /** Who sees to it, by the name that they log in with, and since when. */
  assignee: z.object({ name: z.string(), at: z.int() }).optional(),
})
export type FollowUp = z.infer<typeof followUp>

/** Whose: one name's, nobody's; undefined: all. */
export type Whose = { name: string | undefined } | undefined

export type Assigned =
  | { kind: 'assigned'; followUp: FollowUp }
  /** Somebody else has it meanwhile, or nobody. */
  | { kind: 'changed'; followUp: FollowUp }
  | { kind: 'done'; followUp: FollowUp }
  | { kind: 'unknown' }

const KEPT_SECONDS = 90 * 86_400
/** How many are looked through for those of one person. */
const LOOKED_AT = 200

export type FollowUps = ReturnType<typeof createFollowUps>

export function createFollowUps(redis: RedisConnection, now: () => number = Date.now) {
  const records = createRecords(redis, { schema: followUp, key: keys.followUp, ttlSeconds: () => KEPT_SECONDS })
  const index = createPersonIndex(redis)
  /** Those that are not done, oldest first. */
  async function open(offset: number, limit: number): Promise<FollowUp[]> {
    await redis.zremrangebyscore(keys.openFollowUps, '-inf', now() - KEPT_SECONDS * 1_000)
    const ids = await redis.zrange(keys.openFollowUps, String(offset), String(offset + limit - 1))
    const found = await Promise.all(ids.map((id) => records.get(id)))
    return found.filter((each) => each !== undefined)
  }
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
    /**
     * Hands it from one to another, by name, or to nobody (undefined), if `from` has it or `to` does already. Of two who ask at
     * once one has it, and the other hears who.
     */
    assign: (id: string, { from, to }: { from: string | undefined; to: string | undefined }): Promise<Assigned> =>
      records.update<Assigned>(id, (current) => decideAssignment(current, { from, to, at: now() })),
    open,
    /** The same of one person, or of nobody. Looks through a bounded number. */
    async openOf(whose: Whose, limit: number): Promise<FollowUp[]> {
      if (whose === undefined) return open(0, limit)
      const found = await open(0, LOOKED_AT)
      return found.filter(({ assignee }) => assignee?.name === whose.name).slice(0, limit)
    },
    /** Those that are not done, newest first. */
    async newest(limit: number): Promise<FollowUp[]> {
      const ids = await redis.zrevrange(keys.openFollowUps, 0, limit - 1)
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

function decideAssignment(
  current: FollowUp | undefined,
  { from, to, at }: { from: string | undefined; to: string | undefined; at: number },
): Change<FollowUp, Assigned> {
  if (!current) return { result: { kind: 'unknown' } }
  if (current.doneAt !== undefined) return { result: { kind: 'done', followUp: current } }
  const holder = current.assignee?.name
  if (holder === to) return { result: { kind: 'assigned', followUp: current } }
  if (holder !== from) return { result: { kind: 'changed', followUp: current } }
  const { assignee: _, ...rest } = current
  const next = to === undefined ? rest : { ...rest, assignee: { name: to, at } }
  return { next, result: { kind: 'assigned', followUp: next } }
}
