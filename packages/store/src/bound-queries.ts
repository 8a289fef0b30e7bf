import { createHash } from 'node:crypto'

import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/**
 * The query that came with each token that vouches for no body: a token is good for one query only, for as long as it is
 * valid (`keptSeconds`).
 */
export function createBoundQueries(redis: RedisConnection, keptSeconds: number) {
  return {
    /** Resolves to whether the token has come with no other query before. */
    bind: async (tokenHash: string, query: string): Promise<boolean> => {
      const key = keys.boundQuery(tokenHash)
      const queryHash = createHash('sha256').update(query).digest('base64url')
      const isNew = await redis.set(key, queryHash, 'EX', keptSeconds, 'NX')
      return isNew === 'OK' || (await redis.get(key)) === queryHash
    },
  }
}
