import { feedFanoutQueue, feedRefreshQueue, heldFeedQueue } from '@switchboard/contracts'
import type { Feed } from '@switchboard/contracts'
import { createOutbox, createPackOutbox, createProducer, createSchedules, startWorker } from '@switchboard/queue'
import { createJobMetrics, createRescueCounter, lookAfter, openRedis, repeat, runService } from '@switchboard/runtime'
import { createFeedFaults, createFeedValues, createSubscriptions } from '@switchboard/store'
import { Counter } from 'prom-client'

import { configSchema } from './config.ts'
import { createFanOut } from './fan-out.ts'
import type { QuietUntil } from './quiet-until.ts'
import { createRefresh } from './refresh.ts'
import { createRelease } from './release.ts'
import { schedulesOf } from './schedules-of.ts'
import { readSource } from './sources.ts'
import { createTickWorkflow } from './tick-workflow.ts'
import { createWatchedSource } from './watched-source.ts'

/** How long a feed may be silent because its schedule is gone. */
const SCHEDULES_EVERY_MS = 10_000

await runService('feeds', configSchema, process.env, async ({ config, log, health, stack, stopping, clock }) => {
  const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
  const { feeds } = config.SWITCHBOARD_CONFIG
  const fanOut = stack.use(createProducer(feedFanoutQueue, redis))
  const dropped = new Counter({
    name: 'switchboard_stale_fan_outs_total',
    help: 'Pages of subscribers that were not reached before the next update of their topic',
    labelNames: ['topic'],
    registers: [health.metrics],
  })
  const healed = new Counter({
    name: 'switchboard_schedules_healed_total',
    help: 'Schedules that had stopped and were started again',
    labelNames: ['topic'],
    registers: [health.metrics],
  })
  const sourceFailures = new Counter({
    name: 'switchboard_feed_source_failures_total',
    help: 'Ticks at which the source of a topic could not be asked',
    labelNames: ['topic'],
    registers: [health.metrics],
  })
  const schedules = stack.use(createSchedules(feedRefreshQueue, redis))
  const ensureSchedules = async () => {
    for (const topic of await schedules.ensure(schedulesOf(feeds))) {
      healed.inc({ topic })
      log.error({ topic }, 'schedule.healed')
    }
  }
  stack.use(repeat('schedules', SCHEDULES_EVERY_MS, ensureSchedules, log))

  const worker = {
    redis,
    log,
    health,
    signal: stopping.signal,
    observe: createJobMetrics(health.metrics),
    concurrency: config.FEEDS_CONCURRENCY,
  }
  const feedValues = createFeedValues(redis)
  const countRescue = createRescueCounter(health.metrics)
  const workflow = createTickWorkflow({ feeds, feedValues, fanOut, now: Date.now, log, countRescue })
  stack.use(lookAfter(workflow, { redis, log }))
  const watched = createWatchedSource({
    read: readSource,
    faults: createFeedFaults(redis),
    now: Date.now,
    log,
    count: (topic) => sourceFailures.inc({ topic }),
  })
  const refresh = createRefresh({ feeds, feedValues, readSource: watched, workflow, log })
  stack.use(startWorker(feedRefreshQueue, refresh, worker))
  const outbox = stack.use(createOutbox(redis))
  const shared = {
    feeds,
    feedValues,
    subscriptions: createSubscriptions(redis),
    quietUntil: await loadQuietUntil(Object.values(feeds)),
    hold: stack.use(createProducer(heldFeedQueue, redis)),
    now: Date.now,
    log,
  }
  const countDropped = (topic: string) => dropped.inc({ topic })
  const { sendMany } = outbox
  const { sendPacks } = stack.use(createPackOutbox(redis))
  const page = createFanOut({ ...shared, sendMany, sendPacks, nextPage: fanOut, countDropped })
  stack.use(startWorker(feedFanoutQueue, page, worker))
  stack.use(startWorker(heldFeedQueue, createRelease({ ...shared, send: outbox.send }), worker))
})

/** Only with quiet hours: what is known of the world's phone numbers takes several megabytes. */
async function loadQuietUntil(feeds: readonly Feed[]): Promise<QuietUntil> {
  if (!feeds.some(({ quietHours }) => quietHours !== undefined)) return () => undefined
  const { createQuietUntil } = await import('./quiet-until.ts')
  return createQuietUntil()
}
