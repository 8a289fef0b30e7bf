import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

/** A file as it came. It has addresses in it, so it goes by itself soon. */
const upload = z.object({
  label: z.string(),
  csv: z.string(),
  notification: z.string(),
  channel: z.string(),
  uploadedAt: z.int(),
})
export type MailingUpload = z.infer<typeof upload>

/** What was sent of a file: its rows without the people in them, who are in the notifications. */
const mailing = z.object({
  id: z.string(),
  label: z.string(),
  by: z.string(),
  sentAt: z.int(),
  rows: z.array(z.object({ line: z.int(), notificationId: z.string() })),
  duplicates: z.int(),
  /** Every row was asked for: nothing is left to do. */
  isAsked: z.literal(true).optional(),
})
export type Mailing = z.infer<typeof mailing>

const UPLOAD_SECONDS = 3_600
const KEPT_SECONDS = 90 * 86_400

export type Mailings = ReturnType<typeof createMailings>

/** Notifications that are sent together, from a file. Written by the console alone. */
export function createMailings(redis: RedisConnection, now: () => number = Date.now) {
  const uploads = createRecords(redis, {
    schema: upload,
    key: keys.mailingUpload,
    ttlSeconds: () => UPLOAD_SECONDS,
  })
  const records = createRecords(redis, { schema: mailing, key: keys.mailing, ttlSeconds: () => KEPT_SECONDS })
  const getAll = async (ids: string[]) => {
    const found = await Promise.all(ids.map((id) => records.get(id)))
    return found.filter((each) => each !== undefined)
  }
  return {
    get: (id: string) => records.get(id),
    uploadOf: (id: string) => uploads.get(id),
    /** The same file again is the same upload, for another hour. */
    upload: (id: string, file: MailingUpload): Promise<void> =>
      uploads.update(id, () => ({ next: file, result: undefined })),
    /** Answers what is on record: the first time counts, whoever asks again. */
    async begin(created: Mailing): Promise<Mailing> {
      await redis.zadd(keys.mailings, created.sentAt, created.id)
      await redis.zremrangebyscore(keys.mailings, '-inf', now() - KEPT_SECONDS * 1_000)
      return records.updateFrom<Mailing>(undefined, created.id, (current) =>
        current ? { result: current } : { next: created, result: created },
      )
    },
    asked: (id: string): Promise<void> =>
      records.update(id, (current) => ({
        ...(current ? { next: { ...current, isAsked: true } } : {}),
        result: undefined,
      })),
    /** The newest, newest first. */
    recent: async (limit: number): Promise<Mailing[]> => getAll(await redis.zrevrange(keys.mailings, 0, limit - 1)),
    /** Begun, and not yet asked for as a whole, while their file may be there. */
    async broken(): Promise<Mailing[]> {
      const ids = await redis.zrangebyscore(keys.mailings, now() - 2 * UPLOAD_SECONDS * 1_000, '+inf')
      return (await getAll(ids)).filter(({ isAsked }) => !isAsked)
    },
  }
}
