import { notificationProgressQueue, notificationReplyQueue, notificationRequestQueue } from '@switchboard/contracts'
import { createOutbox, startWorker } from '@switchboard/queue'
import { createJobMetrics, createRescueCounter, lookAfter, openRedis, runService } from '@switchboard/runtime'
import { createFollowUps, createNotifications } from '@switchboard/store'

import { configSchema } from './config.ts'
import { createNotificationWorkflow } from './notification-workflow.ts'
import { createProgressHandler } from './progress-handler.ts'
import { createReplyHandler } from './reply-handler.ts'
import { createRequestHandler } from './request-handler.ts'

await runService(
  'notifications',
  configSchema,
  process.env,
  async ({ config, log, health, stack, stopping, clock }) => {
    const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
    const settings = config.SWITCHBOARD_CONFIG
    const notifications = createNotifications(redis, Date.now, settings.retention)
    const workflow = createNotificationWorkflow({
      notifications,
      followUps: createFollowUps(redis),
      send: stack.use(createOutbox(redis)).send,
      settings,
      now: Date.now,
      log,
      countRescue: createRescueCounter(health.metrics),
    })
    stack.use(lookAfter(workflow, { redis, log }))
    const deps = { notifications, workflow, settings, log }
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
