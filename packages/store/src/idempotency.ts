import { createHash } from 'node:crypto'

import { z } from 'zod'

import { keys } from './keys.ts'
import { createRecords } from './records.ts'
import type { RedisConnection } from './script.ts'

const KEPT_SECONDS = 86_400

const remembered = z.looseObject({
  id: z.string(),
  bodyHash: z.string(),
  isSettled: z.boolean().default(false),
  /** Whose key it is. An older version did not say, and the record holds for everybody. */
  by: z.string().optional(),
})

/** A key as a caller sent it; another caller's of the same name is another key. */
export interface IdempotencyKey {
  by: string
  key: string
}

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
  function claimAt(place: string, by: string, bodyHash: string, id: string) {
    return records.update<IdempotencyOutcome | { kind: 'taken' }>(place, (known) => {
      if (!known) return { next: { id, bodyHash, isSettled: false, by }, result: { kind: 'new' } }
      if (known.by !== undefined && known.by !== by) return { result: { kind: 'taken' } }
      const isSame = known.bodyHash === bodyHash
      return {
        result: isSame ? { kind: 'repeated', id: known.id, isSettled: known.isSettled } : { kind: 'conflict' },
      }
    })
  }

  function settleAt(place: string, by: string): Promise<boolean> {
    return records.update(place, (known) =>
      known && (known.by === undefined || known.by === by)
        ? { next: { ...known, isSettled: true }, result: true }
        : { result: false },
    )
  }

  return {
    /** Claims a key for a request that would get this id. */
    async claim(key: IdempotencyKey, request: unknown, id: string): Promise<IdempotencyOutcome> {
      const bodyHash = createHash('sha256').update(JSON.stringify(request)).digest('base64url')
      const places = (await records.get(ownPlace(key))) ? [ownPlace(key)] : [key.key, ownPlace(key)]
      for (const place of places) {
        const outcome = await claimAt(place, key.by, bodyHash, id)
        if (outcome.kind !== 'taken') return outcome
      }
      throw new Error('What is at a place of its own is of nobody else')
    },
    /** What the request asked for is done: it need not be done again. */
    async settle(key: IdempotencyKey): Promise<void> {
      if (!(await settleAt(ownPlace(key), key.by))) await settleAt(key.key, key.by)
    },
  }
}

/** Whoever is first with a key has it where an older version, beside this one, looks for it; others have a place of their own. */
function ownPlace({ by, key }: IdempotencyKey): string {
  return `${by}\n${key}`
}
