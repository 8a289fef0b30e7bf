import { feedFanoutQueue, feedRefreshQueue } from '@switchboard/contracts'
import { createOutbox, createProducer, createSchedules, startWorker } from '@switchboard/queue'
import { createJobMetrics, openRedis, runService } from '@switchboard/runtime'
import { createFeedValues, createSubscriptions } from '@switchboard/store'
import { Counter } from 'prom-client'

import { configSchema } from './config.ts'
import { createFanOut } from './fan-out.ts'
import { createRefresh } from './refresh.ts'
import { schedulesOf } from './schedules-of.ts'
import { readSource } from './sources.ts'

await runService('feeds', configSchema, process.env, async ({ config, log, health, stack }) => {
  const redis = stack.use(openRedis({ config, log, health }))
  const { feeds } = config.SWITCHBOARD_CONFIG
  const fanOut = stack.use(createProducer(feedFanoutQueue, redis))
  const dropped = new Counter({
    name: 'switchboard_stale_fan_outs_total',
    help: 'Pages of subscribers that were not reached before the next update of their topic',
    labelNames: ['topic'],
    registers: [health.metrics],
  })
  await stack.use(createSchedules(feedRefreshQueue, redis)).replaceAll(schedulesOf(feeds))

  const worker = {
    redis,
    log,
    health,
    observe: createJobMetrics(health.metrics),
    concurrency: config.FEEDS_CONCURRENCY,
  }
  const refresh = createRefresh({ feeds, feedValues: createFeedValues(redis), readSource, fanOut, now: Date.now, log })
  stack.use(startWorker(feedRefreshQueue, refresh, worker))
  const page = createFanOut({
    subscriptions: createSubscriptions(redis),
    sendMany: stack.use(createOutbox(redis)).sendMany,
    nextPage: fanOut,
    now: Date.now,
    log,
    countDropped: (topic) => dropped.inc({ topic }),
  })
  stack.use(startWorker(feedFanoutQueue, page, worker))
})
