import { createQueueDepths } from '@switchboard/store'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const MINUTE = 60_000
const now = Date.UTC(2026, 0, 2)
const depth = (waiting: number) => new Map([['outbound-sms', { waiting, oldestSeconds: 2 }]])

let redis: TestRedis
beforeAll(async () => void (redis = await openTestRedis()))
beforeEach(() => redis.flush())
afterAll(() => redis[Symbol.asyncDispose]())

it('of two consoles the first one writes a minute; a quiet one is on record too', async () => {
  const depths = createQueueDepths(redis.client)
  await depths.note(now, depth(3))
  await createQueueDepths(redis.client).note(now + 20_000, depth(9))
  await depths.note(now + MINUTE, new Map())
  expect(await depths.read()).toEqual([
    { at: now, queues: depth(3) },
    { at: now + MINUTE, queues: new Map() },
  ])
})

it('keeps a day, also after a pause, and nothing when no console runs for a day', async () => {
  const depths = createQueueDepths(redis.client)
  for (const minutes of [-1_500, -1_440, -1_439, 0]) await depths.note(now + minutes * MINUTE, depth(1))
  expect((await depths.read()).map(({ at }) => (at - now) / MINUTE)).toEqual([-1_439, 0])
  expect(await redis.client.ttl('sb:queue-depths')).toBeGreaterThan(86_000)
})
