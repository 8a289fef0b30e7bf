import {
  alertAttentionQueue,
  inboundMessageQueue,
  partialSmsQueue,
  subscriptionRequestQueue,
} from '@switchboard/contracts'
import { createOutbox, createProducer, startWorker } from '@switchboard/queue'
import { createJobMetrics, openRedis, runService } from '@switchboard/runtime'
import { createAlerts, createConsent, createInbound } from '@switchboard/store'

import { createRouter } from './act.ts'
import { configSchema } from './config.ts'
import { createRouteCounter } from './metrics.ts'
import { createReceive, createReceivePartial } from './receive.ts'

await runService('inbound-router', configSchema, process.env, ({ config, log, health, stack }) => {
  const redis = stack.use(openRedis({ config, log, health }))
  const outbox = stack.use(createOutbox(redis))
  const receiving = {
    inbound: createInbound(redis),
    partialSms: stack.use(createProducer(partialSmsQueue, redis)),
    route: createRouter({
      alerts: createAlerts(redis),
      attention: stack.use(createProducer(alertAttentionQueue, redis)),
      consent: createConsent(redis),
      subscriptionRequests: stack.use(createProducer(subscriptionRequestQueue, redis)),
      send: outbox.send,
      settings: config.SWITCHBOARD_CONFIG,
      now: Date.now,
      log,
      count: createRouteCounter(health.metrics),
    }),
    now: Date.now,
    log,
  }
  const worker = {
    redis,
    log,
    health,
    observe: createJobMetrics(health.metrics),
    concurrency: config.ROUTER_CONCURRENCY,
  }
  stack.use(startWorker(inboundMessageQueue, createReceive(receiving), worker))
  stack.use(startWorker(partialSmsQueue, createReceivePartial(receiving), worker))
})
