import { createHash } from 'node:crypto'

import { z } from 'zod'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

const KEPT_SECONDS = 86_400

const remembered = z.object({ id: z.string(), bodyHash: z.string() })

export type IdempotencyOutcome =
  | { kind: 'new' }
  /** The same request came before: its id is the answer. */
  | { kind: 'repeated'; id: string }
  /** The key was used for another request. */
  | { kind: 'conflict' }

export type Idempotency = ReturnType<typeof createIdempotency>

/** Remembers for a day which request an `Idempotency-Key` stood for. */
export function createIdempotency(redis: RedisConnection) {
  return {
    /** Claims a key for a request that would get this id. */
    async claim(key: string, body: unknown, id: string): Promise<IdempotencyOutcome> {
      const bodyHash = createHash('sha256').update(JSON.stringify(body)).digest('base64url')
      const recordKey = keys.idempotency(createHash('sha256').update(key).digest('base64url'))
      const isNew = await redis.set(recordKey, JSON.stringify({ id, bodyHash }), 'EX', KEPT_SECONDS, 'NX')
      if (isNew === 'OK') return { kind: 'new' }
      const raw = await redis.get(recordKey)
      if (raw === null) return { kind: 'new' }
      const known = remembered.parse(JSON.parse(raw))
      return known.bodyHash === bodyHash ? { kind: 'repeated', id: known.id } : { kind: 'conflict' }
    },
  }
}
