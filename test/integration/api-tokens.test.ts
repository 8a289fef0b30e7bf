import { createApiTokens } from '@switchboard/store'
import type { StoredToken } from '@switchboard/store'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const NOW = Date.UTC(2026, 2, 1)
const DAY_MS = 86_400_000
const cleanup = new AsyncDisposableStack()
let database: TestRedis
let redis: Redis

beforeAll(async () => {
  database = cleanup.use(await openTestRedis())
  redis = new Redis(database.url)
  cleanup.defer(() => redis.disconnect())
})
beforeEach(() => database.flush())
afterAll(() => cleanup.disposeAsync())

const token = (hash: string, more: Partial<StoredToken> = {}): StoredToken => ({
  hash,
  scopes: ['alerts:read'],
  createdAt: NOW,
  createdBy: 'somebody',
  ...more,
})

test('of many that take a name at once one gets it; it is free again when that one has ended', async () => {
  const tokens = createApiTokens(redis)
  const hashes = Array.from({ length: 20 }, (_, index) => `hash-${index}`)
  const taken = await Promise.all(hashes.map((hash) => tokens.add('ci', token(hash, { expiresAt: NOW + DAY_MS }))))
  expect(taken.filter(Boolean)).toHaveLength(1)
  expect((await tokens.get('ci'))?.hash).toBe(hashes[taken.indexOf(true)])
  expect(await tokens.add('ci', token('later', { createdAt: NOW + DAY_MS - 1 }))).toBe(false)
  await tokens.noteUse('ci', NOW + 5)
  expect(await tokens.add('ci', token('later', { createdAt: NOW + DAY_MS }))).toBe(true)
  expect(await tokens.list(NOW + DAY_MS)).toEqual({
    tokens: [{ ...token('later', { createdAt: NOW + DAY_MS }), name: 'ci' }],
    lastUses: new Map(),
  })
})

test('what is revoked stays so, is listed for a month, and then leaves nothing behind', async () => {
  const tokens = createApiTokens(redis)
  expect(await tokens.revoke('ci', NOW)).toBeUndefined()
  await tokens.add('ci', token('one'))
  await tokens.add('other', token('two'))
  await tokens.noteUse('ci', NOW + 1)
  const revoked = { ...token('one'), revokedAt: NOW + 2 }
  expect(await tokens.revoke('ci', NOW + 2)).toEqual(revoked)
  expect(await tokens.revoke('ci', NOW + 3)).toEqual(revoked)
  expect(await tokens.get('ci')).toEqual(revoked)
  const { tokens: listed, lastUses } = await tokens.list(NOW + 30 * DAY_MS)
  expect(listed).toHaveLength(2)
  expect(lastUses).toEqual(new Map([['ci', NOW + 1]]))
  await tokens.list(NOW + 31 * DAY_MS)
  expect(await redis.hkeys('sb:api-tokens')).toEqual(['other'])
})

test('what a newer version has written about a token stays when it is revoked', async () => {
  const tokens = createApiTokens(redis)
  await redis.hset('sb:api-tokens', 'ci', JSON.stringify({ ...token('one'), addresses: ['10.0.0.0/8'] }))
  await tokens.revoke('ci', NOW)
  expect(await tokens.get('ci')).toMatchObject({ addresses: ['10.0.0.0/8'], revokedAt: NOW })
})
