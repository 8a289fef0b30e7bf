import { createHash } from 'node:crypto'

import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

const KEPT_SECONDS = 86_400

const remembered = z.looseObject({ id: z.string(), bodyHash: z.string(), isSettled: z.boolean().default(false) })

export type IdempotencyOutcome =
  | { kind: 'new' }
  /** The same request came before: its id is the answer. Settled: what it asked for was done. */
  | { kind: 'repeated'; id: string; isSettled: boolean }
  /** The key was used for another request. */
  | { kind: 'conflict' }

export type Idempotency = ReturnType<typeof createIdempotency>

/** Remembers for a day which request an `Idempotency-Key` stood for, and whether it was done. */
export function createIdempotency(redis: RedisConnection) {
  const records = createRecords(redis, {
    schema: remembered,
    key: (key) => keys.idempotency(createHash('sha256').update(key).digest('base64url')),
    ttlSeconds: () => KEPT_SECONDS,
  })
  return {
    /** Claims a key for a request that would get this id. */
    claim(key: string, request: unknown, id: string): Promise<IdempotencyOutcome> {
      const bodyHash = createHash('sha256').update(JSON.stringify(request)).digest('base64url')
      return records.update<IdempotencyOutcome>(key, (known) => {
        if (!known) return { next: { id, bodyHash, isSettled: false }, result: { kind: 'new' } }
        const isSame = known.bodyHash === bodyHash
        return {
          result: isSame ? { kind: 'repeated', id: known.id, isSettled: known.isSettled } : { kind: 'conflict' },
        }
      })
    },
    /** What the request asked for is done: it need not be done again. */
    settle: (key: string): Promise<void> =>
      records.update(key, (known) =>
        known ? { next: { ...known, isSettled: true }, result: undefined } : { result: undefined },
      ),
  }
}
