import { createHmac, randomBytes } from 'node:crypto'

import { gatherReads } from './gather-reads.ts'
import { keys } from './keys.ts'
import type { RedisConnection } from './script.ts'

/**
 * The opt-outs of persons who were erased, so that they stay opted out without being on record: an HMAC under a random
 * key of this installation. The key lies in the same Redis: this protects exports and logs, and single records, but not
 * from somebody who has the whole database and tries all phone numbers.
 */
export function createErasedOptOuts(redis: RedisConnection) {
  const read = gatherReads(redis)
  let loading: Promise<string> | undefined
  const loadKey = async () => {
    await redis.set(keys.erasureKey, randomBytes(32).toString('base64url'), 'NX')
    const key = await redis.get(keys.erasureKey)
    if (key === null) throw new Error('The erasure key could not be read')
    return key
  }
  const keyOf = async (personId: string) => {
    loading ??= loadKey()
    const secret = await loading.catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return keys.erasedOptOut(createHmac('sha256', secret).update(personId).digest('base64url'))
  }
  return {
    async has(personId: string): Promise<boolean> {
      return (await read(await keyOf(personId))) !== null
    },
    async add(personId: string): Promise<void> {
      await redis.set(await keyOf(personId), '1')
    },
    async remove(personId: string): Promise<void> {
      await redis.del(await keyOf(personId))
    },
  }
}
