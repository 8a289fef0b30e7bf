import {
  alertAttentionQueue,
  auditEntryQueue,
  dispatchWebhookQueue,
  eraseRequestQueue,
  inboundMessageQueue,
  notificationReplyQueue,
  partialSmsQueue,
  signupRequestQueue,
  subscriptionRequestQueue,
} from '@switchboard/contracts'
import { createJobEraser, createOutbox, createProducer, startWorker } from '@switchboard/queue'
import { createJobMetrics, openRedis, runService } from '@switchboard/runtime'
import {
  createAlerts,
  createCallerWorkflows,
  createConsent,
  createErasure,
  createFollowUps,
  createInbound,
  createLateReplies,
  createLedger,
  createNotifications,
  createSignups,
} from '@switchboard/store'

import { configSchema } from './config.ts'
import { createEraseHandler } from './erase.ts'
import { createRouteCounter } from './metrics.ts'
import { createReceive, createReceivePartial } from './receive.ts'
import { createRouter } from './router.ts'

await runService(
  'inbound-router',
  configSchema,
  process.env,
  async ({ config, log, health, stack, stopping, clock }) => {
    const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
    const outbox = stack.use(createOutbox(redis))
    const inbound = createInbound(redis, config.SWITCHBOARD_CONFIG.retention)
    const receiving = {
      inbound,
      partialSms: stack.use(createProducer(partialSmsQueue, redis)),
      router: createRouter({
        inbound,
        ledger: createLedger(redis),
        callerWorkflows: createCallerWorkflows(redis),
        callerWebhooks: stack.use(createProducer(dispatchWebhookQueue, redis)),
        alerts: createAlerts(redis),
        lateReplies: createLateReplies(redis),
        attention: stack.use(createProducer(alertAttentionQueue, redis)),
        consent: createConsent(redis),
        notifications: createNotifications(redis),
        notificationReplies: stack.use(createProducer(notificationReplyQueue, redis)),
        signups: createSignups(redis),
        signupRequests: stack.use(createProducer(signupRequestQueue, redis)),
        followUps: createFollowUps(redis),
        trail: stack.use(createProducer(auditEntryQueue, redis)),
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
      signal: stopping.signal,
      observe: createJobMetrics(health.metrics),
      concurrency: config.ROUTER_CONCURRENCY,
    }
    stack.use(startWorker(inboundMessageQueue, createReceive(receiving), worker))
    stack.use(startWorker(partialSmsQueue, createReceivePartial(receiving), worker))
    const erase = createEraseHandler({
      records: createErasure(redis),
      jobs: stack.use(createJobEraser(redis)),
      again: stack.use(createProducer(eraseRequestQueue, redis)),
      topics: Object.keys(config.SWITCHBOARD_CONFIG.feeds),
      now: Date.now,
      log,
    })
    stack.use(startWorker(eraseRequestQueue, erase, { ...worker, concurrency: 1 }))
  },
)
