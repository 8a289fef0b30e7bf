import { notificationProgressQueue, notificationReplyQueue, notificationRequestQueue } from '@switchboard/contracts'
import { createOutbox, startWorker } from '@switchboard/queue'
import { createJobMetrics, openRedis, runService } from '@switchboard/runtime'
import { createFollowUps, createNotifications } from '@switchboard/store'

import { configSchema } from './config.ts'
import { createProgressHandler } from './progress-handler.ts'
import { createReplyHandler } from './reply-handler.ts'
import { createRequestHandler } from './request-handler.ts'

await runService(
  'notifications',
  configSchema,
  process.env,
  async ({ config, log, health, stack, stopping, clock }) => {
    const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
    const deps = {
      notifications: createNotifications(redis, Date.now, config.SWITCHBOARD_CONFIG.retention),
      followUps: createFollowUps(redis),
      send: stack.use(createOutbox(redis)).send,
      settings: config.SWITCHBOARD_CONFIG,
      now: Date.now,
      log,
    }
    const worker = {
      redis,
      log,
      health,
      signal: stopping.signal,
      observe: createJobMetrics(health.metrics),
      concurrency: config.NOTIFICATIONS_CONCURRENCY,
    }
    stack.use(startWorker(notificationRequestQueue, createRequestHandler(deps), worker))
    stack.use(startWorker(notificationReplyQueue, createReplyHandler(deps), worker))
    stack.use(startWorker(notificationProgressQueue, createProgressHandler(deps), worker))
  },
)
