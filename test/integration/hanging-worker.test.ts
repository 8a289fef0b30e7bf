import { feedRefreshQueue } from '@switchboard/contracts'
import { createProducer, startWorker } from '@switchboard/queue'
import { createLogger, startHealth } from '@switchboard/runtime'
import { Redis } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'

import { openTestRedis } from '../support/redis.ts'

const CONCURRENCY = 2
const JOBS = 5
const WAIT = { timeout: 10_000, interval: 50 }

afterEach(() => {
  vi.restoreAllMocks()
})

test('a worker whose jobs hang turns unhealthy while others wait, and well again when they go on', async () => {
  let aheadMs = 0
  const realNow = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs)
  await using database = await openTestRedis()
  await using cleanup = new AsyncDisposableStack()
  const redis = new Redis(database.url, { maxRetriesPerRequest: null })
  cleanup.defer(() => redis.disconnect())
  const health = cleanup.use(await startHealth('test', 0))
  const hanging = Promise.withResolvers<void>()
  let taken = 0
  const handler = async () => {
    taken += 1
    await hanging.promise
  }
  const log = createLogger('test', 'silent')
  cleanup.use(startWorker(feedRefreshQueue, handler, { redis, log, health, concurrency: CONCURRENCY }))
  // Stopping waits for the jobs that run.
  cleanup.defer(() => hanging.resolve())
  const producer = cleanup.use(createProducer(feedRefreshQueue, redis))
  for (let job = 0; job < JOBS; job += 1) {
    await producer.enqueue({ topic: 'MSFT', update: { id: `update-${job}`, value: '1', at: job } })
  }
  await vi.waitFor(() => expect(taken).toBe(CONCURRENCY), WAIT)
  expect(await livez(health.port)).toMatchObject({ code: 200, problems: [] })

  aheadMs = 61_000
  expect(await livez(health.port)).toMatchObject({
    code: 503,
    problems: [expect.stringMatching(/^feed-refresh: 3 jobs wait and none was taken for 6[12] s \(2 running\)$/)],
  })

  aheadMs = 0
  hanging.resolve()
  await vi.waitFor(() => expect(taken).toBe(JOBS), WAIT)
  expect(await livez(health.port)).toMatchObject({ code: 200, problems: [] })
})

async function livez(port: number): Promise<{ code: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/livez`)
  return { code: response.status, ...Object(await response.json()) }
}
