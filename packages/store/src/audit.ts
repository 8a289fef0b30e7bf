import { z } from 'zod'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/** Who did what in the console. */
const auditEntry = z.object({
  at: z.number().int(),
  who: z.string(),
  /** Such as `alert.cancel` or `job.retry`. */
  action: z.string(),
  /** The id of what it was done to. */
  target: z.string(),
  detail: z.string().optional(),
})
export type AuditEntry = z.infer<typeof auditEntry>

/** The newest are kept; one a minute for a year is far more than people do. */
const MAX_ENTRIES = 50_000

export type Audit = ReturnType<typeof createAudit>

/** The trail of what people did. Written by the console alone. */
export function createAudit(redis: RedisConnection, maxEntries = MAX_ENTRIES) {
  return {
    async add(entry: AuditEntry): Promise<void> {
      await redis.xadd(keys.audit, 'MAXLEN', '~', maxEntries, '*', 'entry', JSON.stringify(entry))
    },
    /** Newest first. `before`: the `next` of the page before. */
    async page(
      before: string | undefined,
      limit: number,
    ): Promise<{ entries: AuditEntry[]; next: string | undefined }> {
      const end = before === undefined ? '+' : `(${before}`
      const rows = await redis.xrevrange(keys.audit, end, '-', 'COUNT', limit)
      const entries = rows.map(([, [, json = '']]) => auditEntry.parse(JSON.parse(json)))
      return { entries, next: rows.length === limit ? rows.at(-1)?.[0] : undefined }
    },
  }
}
