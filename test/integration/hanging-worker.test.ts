import { feedRefreshQueue } from '@switchboard/contracts'
import { createProducer, startWorker } from '@switchboard/queue'
import { createLogger, startHealth } from '@switchboard/runtime'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { eventually } from '../support/eventually.ts'
import { openTestRedis } from '../support/redis.ts'

const CONCURRENCY = 2
const JOBS = 5

test('a worker whose jobs hang turns unhealthy while others wait, and well again when they go on', async () => {
  await using database = await openTestRedis()
  await using cleanup = new AsyncDisposableStack()
  const redis = new Redis(database.url, { maxRetriesPerRequest: null })
  cleanup.defer(() => redis.disconnect())
  const health = cleanup.use(await startHealth('test', 0, { sampleEveryMs: 100 }))
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
  await eventually(() => expect(taken).toBe(CONCURRENCY))
  expect(await livez(health.port)).toMatchObject({ code: 200, problems: [] })

  const problem = expect.stringMatching(/^feed-refresh: 3 jobs wait and none was taken in \d+ looks \(2 running\)$/)
  await eventually(async () => expect(await livez(health.port)).toMatchObject({ code: 503, problems: [problem] }))

  hanging.resolve()
  await eventually(() => expect(taken).toBe(JOBS))
  await eventually(async () => expect(await livez(health.port)).toMatchObject({ code: 200, problems: [] }))
})

async function livez(port: number): Promise<{ code: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/livez`)
  return { code: response.status, ...Object(await response.json()) }
}
