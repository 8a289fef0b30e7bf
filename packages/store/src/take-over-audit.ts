import { z } from 'zod'

import type { Audit } from './audit.ts'
import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

const oldEntry = z.object({
  at: z.int(),
  who: z.string(),
  action: z.string(),
  target: z.string(),
  detail: z.string().optional(),
})

const CHUNK = 200

/** Chains what the console of 0.1.0 has written, in its order, and what it writes while it still runs beside this one. */
export async function takeOverAudit(redis: RedisConnection, { add }: Pick<Audit, 'add'>): Promise<void> {
  for (;;) {
    const rows = await redis.xrange(keys.auditOfOlderVersion, '-', '+', 'COUNT', CHUNK)
    if (rows.length === 0) return
    for (const [id, [, json = '']] of rows) {
      await add({ id: `0.1.0-${id}`, kind: 'account', via: 'console', ...oldEntry.parse(JSON.parse(json)) })
    }
    await redis.xdel(keys.auditOfOlderVersion, ...rows.map(([id]) => id))
  }
}
