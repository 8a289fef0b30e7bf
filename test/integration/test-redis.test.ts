import { Redis } from 'ioredis'
import { expect, inject, test } from 'vitest'

import { startJsRedis } from '../../scripts/redis.ts'
import { inThreeTries } from '../support/eventually.ts'
import { openTestRedis, requireRealRedis, startPrivateRedis } from '../support/redis.ts'

test('two who open a test Redis do not see each other', async () => {
  await using one = await openTestRedis()
  await using other = await openTestRedis()
  expect(one.url).not.toBe(other.url)
  await one.client.set('key', 'value')
  expect(await other.client.get('key')).toBeNull()
  await one.flush()
  expect(await one.client.get('key')).toBeNull()
})

test('a database with data in it is left alone', async () => {
  await using redis = await openTestRedis()
  const client = new Redis(redis.url)
  await redis.client.del('switchboard-test-claim')
  await redis.client.set('somebody', 'else')
  await using second = await openTestRedis()
  expect(second.url).not.toBe(redis.url)
  expect(await client.get('somebody')).toBe('else')
  client.disconnect()
})

test('keeps an append-only file', async (context) => {
  requireRealRedis(context, 'it has no append-only file')
  const client = new Redis(inject('redisUrl'))
  expect(await client.info('persistence')).toContain('aof_enabled:1')
  client.disconnect()
})

test('what Redis has acknowledged survives its being killed', async (context) => {
  await using redis = await startPrivateRedis(context)
  const client = new Redis(redis.url, { retryStrategy: () => 50 })
  client.on('error', () => undefined)
  await client.set('acknowledged', 'yes')
  await redis.kill()
  await redis.start()
  expect(await client.get('acknowledged')).toBe('yes')
  client.disconnect()
})

test('the Redis in memory answers at once what comes together', inThreeTries, async () => {
  await using redis = await startJsRedis()
  const client = new Redis(redis.url)
  await client.ping()
  const began = performance.now()
  for (let round = 0; round < 20; round += 1) await Promise.all([client.get('a'), client.get('b'), client.get('c')])
  // An answer that waits for the one before to be acknowledged takes 40 ms.
  expect(performance.now() - began).toBeLessThan(20 * 40)
  client.disconnect()
})
