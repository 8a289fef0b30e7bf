import { alertAttentionQueue, alertRequestQueue, alertStepQueue } from '@switchboard/contracts'
import { createOutbox, createProducer, startWorker } from '@switchboard/queue'
import { createJobMetrics, openRedis, repeat, runService } from '@switchboard/runtime'
import { createAlerts, createLedger } from '@switchboard/store'
import { issueLinkToken } from '@switchboard/tokens'

import { configSchema } from './config.ts'
import { createFulfil } from './fulfil.ts'
import { createAlertMetrics } from './metrics.ts'
import { createReconcile } from './reconcile.ts'
import { createWalker } from './walker.ts'

const LINK_TTL_SECONDS = 7 * 86_400

await runService('failover', configSchema, process.env, ({ config, log, health, stack }) => {
  const redis = stack.use(openRedis({ config, log, health }))
  const metrics = createAlertMetrics(health.metrics)
  const alerts = createAlerts(redis)
  const timers = stack.use(createProducer(alertStepQueue, redis))
  const fulfil = createFulfil({
    alerts,
    timers,
    send: stack.use(createOutbox(redis)).send,
    acknowledgeLink(alertId, user) {
      const subject = `${user}-${alertId}`
      const token = issueLinkToken(config.SESSION_SECRET, {
        purpose: 'acknowledge',
        subject,
        ttlSeconds: LINK_TTL_SECONDS,
        now: Date.now(),
      })
      return new URL(`/a/${token}`, config.PUBLIC_URL).href
    },
    settings: config.SWITCHBOARD_CONFIG,
    now: Date.now,
  })
  const walker = createWalker({ alerts, ledger: createLedger(redis), fulfil, now: Date.now, log, observe: metrics })
  const worker = {
    redis,
    log,
    health,
    observe: createJobMetrics(health.metrics),
    concurrency: config.FAILOVER_CONCURRENCY,
  }
  stack.use(startWorker(alertRequestQueue, walker.begin, worker))
  stack.use(startWorker(alertStepQueue, walker.step, worker))
  stack.use(startWorker(alertAttentionQueue, walker.attention, worker))

  const reconcile = createReconcile({ alerts, timers, fulfil, now: Date.now, log, countRescue: metrics.rescued })
  stack.use(repeat('reconcile', config.RECONCILE_SECONDS * 1_000, reconcile, log))
})
