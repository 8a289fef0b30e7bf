import { subscriptionRequestQueue } from '@switchboard/contracts'
import { createOutbox, startWorker } from '@switchboard/queue'
import { createJobMetrics, openRedis, runService } from '@switchboard/runtime'
import { createFeedValues, createSubscriptions } from '@switchboard/store'

import { configSchema } from './config.ts'
import { createSubscriptionHandler } from './handler.ts'

await runService('subscriptions', configSchema, process.env, ({ config, log, health, stack }) => {
  const redis = stack.use(openRedis({ config, log, health }))
  const handler = createSubscriptionHandler({
    subscriptions: createSubscriptions(redis),
    feedValues: createFeedValues(redis),
    send: stack.use(createOutbox(redis)).send,
    settings: config.SWITCHBOARD_CONFIG,
    now: Date.now,
    log,
  })
  const observe = createJobMetrics(health.metrics)
  const options = { redis, log, health, observe, concurrency: config.SUBSCRIPTIONS_CONCURRENCY }
  stack.use(startWorker(subscriptionRequestQueue, handler, options))
})
