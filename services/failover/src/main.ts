import {
  alertAttentionQueue,
  alertBundleQueue,
  alertRequestQueue,
  alertStepQueue,
  answerWordsOf,
  auditEntryQueue,
  bundleDueQueue,
  dispatchWebhookQueue,
  limitsInForce,
  messageStatusQueue,
  planWarnings,
  statusWebhook,
} from '@switchboard/contracts'
import { createOutbox, createProducer, startWorker } from '@switchboard/queue'
import type { RedisConnection } from '@switchboard/queue'
import {
  createJobMetrics,
  createRescueCounter,
  formatPath,
  isSimulated,
  lookAfter,
  openRedis,
  repeat,
  runService,
} from '@switchboard/runtime'
import {
  createAlerts,
  createBundles,
  createCallCeiling,
  createCallerWorkflows,
  createConsent,
  createLateReplies,
  createLedger,
  createSenders,
} from '@switchboard/store'
import { createVonageClient, vonageConfig } from '@switchboard/vonage'

import { createAcknowledgeLink, createBundleLink, createCallUrls } from './acknowledge-link.ts'
import { createAlertWorkflow } from './alert-workflow.ts'
import { createBundling } from './bundling.ts'
import type { BundlingDeps } from './bundling.ts'
import { createCallerReports } from './caller-reports.ts'
import { configSchema } from './config.ts'
import type { Config } from './config.ts'
import { createHandOver } from './hand-over.ts'
import { createAlertMetrics } from './metrics.ts'
import { createPoster } from './post-webhooks.ts'
import { createReadRetry } from './read-retry.ts'
import { createWalker } from './walker.ts'

const TIDY_MS = 60_000

await runService('failover', configSchema, process.env, async ({ config, log, health, stack, stopping, clock }) => {
  const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
  const alerts = createAlerts(redis, config.SWITCHBOARD_CONFIG.retention)
  const ledger = createLedger(redis)
  const settings = config.SWITCHBOARD_CONFIG
  const acknowledgeLink = createAcknowledgeLink(config)
  const callers = createCallerReports({
    ledger,
    webhooks: stack.use(createProducer(dispatchWebhookQueue, redis)),
    senders: settings.senders,
    now: Date.now,
  })
  const senders = createSenders(redis)
  const handOver = createHandOver({
    vonage: stack.use(await createVonageClient(vonageConfig(config))),
    alerts,
    ledger,
    consent: createConsent(redis),
    senders,
    attention: stack.use(createProducer(alertAttentionQueue, redis)),
    statuses: stack.use(createProducer(messageStatusQueue, redis)),
    parseStatus: (parked) => statusWebhook.parse(parked),
    acknowledgeLink,
    settings,
    now: Date.now,
    log,
  })
  const countRescue = createRescueCounter(health.metrics)
  const bundling = bundlingOf(config, redis, stack, { alerts, log, countRescue })
  const workflow = createAlertWorkflow({
    alerts,
    ledger,
    bundling,
    lateReplies: createLateReplies(redis),
    callerWorkflows: createCallerWorkflows(redis),
    outbox: stack.use(createOutbox(redis)),
    timers: stack.use(createProducer(alertStepQueue, redis)),
    handOver,
    callers,
    trail: stack.use(createProducer(auditEntryQueue, redis)),
    acknowledgeLink,
    callUrls: createCallUrls(config),
    settings,
    now: Date.now,
    log,
    countRescue,
  })
  const requests = stack.use(createProducer(alertRequestQueue, redis))
  const callCeiling = createCallCeiling(redis, 'alert-calls', limitsInForce(settings.limits, isSimulated(config)))
  const walker = createWalker({
    alerts,
    ledger,
    workflow,
    isRequested: (alertId) => requests.isPending(alertId),
    callers,
    vocabulary: answerWordsOf(settings.answers),
    readRetry: createReadRetry({ senders, ledger, settings, callCeiling, now: Date.now }),
    now: Date.now,
    log,
    observe: createAlertMetrics(health.metrics),
  })
  warnOfPolicies(config, log)
  const worker = {
    redis,
    log,
    health,
    signal: stopping.signal,
    observe: createJobMetrics(health.metrics),
    concurrency: config.FAILOVER_CONCURRENCY,
  }
  stack.use(startWorker(alertRequestQueue, walker.begin, worker))
  stack.use(startWorker(alertStepQueue, walker.step, worker))
  stack.use(startWorker(alertAttentionQueue, walker.attention, worker))
  stack.use(startWorker(bundleDueQueue, bundling.due, worker))
  stack.use(startWorker(dispatchWebhookQueue, createPoster(config, stack), worker))

  const everyMs = config.RECONCILE_SECONDS * 1_000
  stack.use(lookAfter(workflow, { redis, log, everyMs, whenDue: walker.performDue }))
  stack.use(lookAfter(bundling.workflow, { redis, log, everyMs, whenDue: bundling.performDue }))
  stack.use(repeat('tidy', TIDY_MS, () => alerts.trimRecent(Date.now()), log))
})

function warnOfPolicies({ SWITCHBOARD_CONFIG: { policies } }: Config, log: Pick<BundlingDeps['log'], 'warn'>): void {
  for (const [policy, { users }] of Object.entries(policies)) {
    for (const { path, message } of planWarnings(users)) {
      log.warn({ policy, field: formatPath(path), warning: message }, 'policy.warning')
    }
  }
}

function bundlingOf(
  config: Config,
  redis: RedisConnection,
  stack: AsyncDisposableStack,
  deps: Pick<BundlingDeps, 'alerts' | 'log' | 'countRescue'>,
) {
  return createBundling({
    ...deps,
    bundles: createBundles(redis),
    timers: stack.use(createProducer(bundleDueQueue, redis)),
    outbound: stack.use(createProducer(alertBundleQueue, redis)),
    bundleLink: createBundleLink(config),
    settings: config.SWITCHBOARD_CONFIG.bundles,
    now: Date.now,
  })
}
