import { feedFanoutQueue, feedRefreshQueue, switchboardConfig } from '@switchboard/contracts'
import type { Feed } from '@switchboard/contracts'
import { createProducer, createSchedules, queuePrefix, startWorker } from '@switchboard/queue'
import { createFeedValues } from '@switchboard/store'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createRefresh } from '../../services/feeds/src/refresh.ts'
import { createTickWorkflow } from '../../services/feeds/src/tick-workflow.ts'
import { crashEverywhere } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const START = Date.now()
const { feeds } = switchboardConfig.parse({
  feeds: {
    MSFT: {
      source: 'http',
      url: 'http://source',
      field: 'price',
      everySeconds: 60,
      text: '{value}',
      onlyOnChange: true,
    },
    NEWS: { source: 'push', everySeconds: 60, text: '{topic}: {value}' },
  },
})
const none = () => undefined

let redis: TestRedis
let cleanup: AsyncDisposableStack
let pages: Queue
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
  const { name } = feedFanoutQueue
  pages = new Queue(name, { connection: redis.client, prefix: queuePrefix(name) })
  cleanup.defer(() => pages.close())
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

/** The feeds service, so many seconds after the start. Its source answers what it is told, if it is something new. */
function open(client: Redis, stack: AsyncDisposableStack, { seconds = 0, source = '420.00' } = {}) {
  const feedValues = createFeedValues(client)
  const log = { info: none, warn: none, error: none }
  const workflow = createTickWorkflow({
    feeds,
    feedValues,
    fanOut: stack.use(createProducer(feedFanoutQueue, client)),
    now: () => START + seconds * 1_000,
    log,
  })
  const readSource = async (_feed: Feed, previous: string | undefined) => (source === previous ? undefined : source)
  const refresh = createRefresh({ feeds, feedValues, readSource, workflow, log })
  return { refresh, workflow, feedValues }
}

const texts = async () => (await pages.getJobs(['waiting'])).map(({ data }) => String(data.text))

it('a crash before any command loses no update of a source that only tells what is new', async () => {
  await crashEverywhere(redis, {
    act: (client, stack) => open(client, stack).refresh({ topic: 'MSFT' }, { dueAt: START }),
    // Others ask the source again, and hear nothing new.
    reconcile: async (client, stack) => {
      const other = open(client, stack, { seconds: 6 })
      const before = await other.feedValues.get('MSFT')
      if (before) await other.refresh({ topic: 'MSFT' }, { dueAt: START + 5_000 })
      await other.workflow.reconcile()
    },
  })
  expect(await texts()).toEqual(['420.00'])
})

it('updates are as new as they were accepted late, whatever clocks the replicas that took them have', async () => {
  const { refresh, feedValues } = open(redis.client, cleanup)
  const pushes: { value: string; at: number }[] = []
  for (const [index, hasFastClock] of [true, false, true, false, false].entries()) {
    const at = await feedValues.nextTick('NEWS', START + (hasFastClock ? 300 : 0))
    pushes.push({ value: `update ${index}`, at })
  }
  const ticks = pushes.map(({ at }) => at)
  expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b))
  await Promise.all(
    pushes
      .toReversed()
      .map((push) => refresh({ topic: 'NEWS', update: { id: push.value, ...push } }, { dueAt: START })),
  )
  expect((await feedValues.get('NEWS'))?.value).toBe('update 4')
  expect(await texts()).toContain('NEWS: update 4')
  expect((await feedValues.history('NEWS')).at(-1)).toBe('update 4')
})

it('a value that two replicas make for one tick is made once', async () => {
  const replicas = ['420.00', '421.00'].map((source) => open(redis.client, cleanup, { source }))
  await Promise.all(replicas.map(({ refresh }) => refresh({ topic: 'MSFT' }, { dueAt: START })))
  expect(await texts()).toHaveLength(1)
  const value = (await createFeedValues(redis.client).get('MSFT'))?.value
  expect(await texts()).toEqual([value])
  expect(await createFeedValues(redis.client).history('MSFT')).toEqual([value])
})

it('a pushed update that cannot be written is tried again; a refresh on schedule is not, the next one is', async () => {
  const blocking = new Redis(redis.url, { maxRetriesPerRequest: null })
  cleanup.defer(() => blocking.disconnect())
  const attempts: Record<string, number> = {}
  cleanup.use(
    startWorker(
      feedRefreshQueue,
      async ({ topic }) => {
        attempts[topic] = (attempts[topic] ?? 0) + 1
        throw new Error('READONLY')
      },
      { redis: blocking, log: { info: none, warn: none, error: none } },
    ),
  )
  const updates = cleanup.use(createProducer(feedRefreshQueue, redis.client))
  await updates.enqueue({ topic: 'NEWS', update: { id: 'u1', value: 'x', at: START } })
  const schedules = cleanup.use(createSchedules(feedRefreshQueue, redis.client))
  await schedules.ensure([{ id: 'MSFT', everyMs: 3_600_000, payload: { topic: 'MSFT' } }])
  await expect.poll(() => attempts, { timeout: 10_000 }).toEqual({ NEWS: 3, MSFT: 1 })
})

it('leaves a topic alone that has left the configuration, and a tick that a newer one has overtaken', async () => {
  const { refresh } = open(redis.client, cleanup)
  await refresh({ topic: 'GONE' }, { dueAt: START })
  await refresh({ topic: 'MSFT' }, { dueAt: START + 1 })
  await open(redis.client, cleanup, { source: '421.00' }).refresh({ topic: 'MSFT' }, { dueAt: START })
  expect(await texts()).toEqual(['420.00'])
})
