import {
  alertAttentionQueue,
  alertBundleQueue,
  alertChannels,
  auditEntryQueue,
  callEventQueue,
  channels,
  inboundMessageQueue,
  limitsInForce,
  messageStatusQueue,
  notificationProgressQueue,
  outboundQueues,
  packQueues,
  unrecognisedWebhookQueue,
} from '@switchboard/contracts'
import type { Alert, LimitsInForce } from '@switchboard/contracts'
import { createOutbox, createProducer, startWorker } from '@switchboard/queue'
import type { RedisConnection, WorkerDeps } from '@switchboard/queue'
import { createJobMetrics, isSimulated, openRedis, repeat, runService } from '@switchboard/runtime'
import {
  createAlerts,
  createCallCeiling,
  createCalls,
  createConsent,
  createFeedValues,
  createInbound,
  createLedger,
  createLines,
  createReplyGuard,
  createSenderRate,
  createSenders,
  createSubscriptions,
  createTraffic,
  createUsage,
  createWaitingCalls,
} from '@switchboard/store'
import { createVonageClient, readKeptWebhook, vonageConfig } from '@switchboard/vonage'

import { createBundleHandler } from './bundle.ts'
import type { BundleDeps } from './bundle.ts'
import { createCallEventHandler } from './call-event.ts'
import type { CallEventDeps } from './call-event.ts'
import { createCeilings } from './ceilings.ts'
import { combineReports } from './combine-reports.ts'
import { configSchema } from './config.ts'
import { createKeptWebhookHandler } from './kept-webhook.ts'
import type { KeptWebhookDeps } from './kept-webhook.ts'
import { createOutboundMetrics } from './metrics.ts'
import { createPackSender } from './pack-sender.ts'
import type { PackSenderDeps } from './pack-sender.ts'
import { createLineReport } from './phone-line.ts'
import { createAlertReport } from './report-alert.ts'
import { createNotificationReport } from './report-notification.ts'
import { createEndConsent, createOptOutReport } from './report-opt-out.ts'
import { createTrafficReport } from './report-traffic.ts'
import { createSendHandler } from './send-handler.ts'
import { applyParked, createStatusHandler } from './status-handler.ts'
import type { StatusDeps } from './status-handler.ts'
import { createWorkflowStatus } from './workflow-status.ts'

/** Packs under way at once, per channel and replica: while one waits for its last answers the next one begins. */
const PACKS = 2
/** A held sender shows on the dashboard within so long. */
const SENDERS_LOOK_MS = 5_000

await runService('outbound', configSchema, process.env, async ({ config, log, health, stack, stopping, clock }) => {
  const redis = stack.use(await openRedis({ config, log, health, stopping, clock }))
  const settings = config.SWITCHBOARD_CONFIG
  const metrics = createOutboundMetrics(health.metrics)
  const ledger = createLedger(redis, settings.retention)
  const consent = createConsent(redis)
  const alerts = createAlerts(redis)
  const attention = stack.use(createProducer(alertAttentionQueue, redis))
  const progress = stack.use(createProducer(notificationProgressQueue, redis))
  const trafficReport = createTrafficReport({
    traffic: createTraffic(redis),
    observeReply: metrics.replied,
    now: Date.now,
  })
  const limits = limitsInForce(settings.limits, isSimulated(config))
  const daily = { limits, usage: createUsage(redis), observe: metrics.budget }
  const ceilings = createCeilings({ ...daily, senders: settings.senders, log, now: Date.now })
  const trail = stack.use(createProducer(auditEntryQueue, redis))
  const endConsent = createEndConsent({ consent, trail })
  const phone = openPhone(redis, limits)
  const { report, reportStatus } = combineReports(
    createAlertReport({ attention, now: Date.now }),
    createLineReport(phone),
    createNotificationReport({ progress, now: Date.now }),
    createOptOutReport({ endConsent, now: Date.now }),
    trafficReport,
    ceilings,
  )
  stack.use(repeat('ceilings', 1_000, ceilings.flush, log))
  stack.use(repeat('traffic', 1_000, trafficReport.flush, log))
  const outbox = stack.use(createOutbox(redis))
  const workflowStatus = createWorkflowStatus({ alerts, ledger, attention, now: Date.now, log })
  const status = {
    ledger,
    endConsent,
    log,
    count: metrics.status,
    countParked: metrics.parked,
    reportStatus,
    workflowStatus,
    outbox,
    settings,
  }
  const senders = createSenders(redis)
  stack.use(repeat('senders', SENDERS_LOOK_MS, async () => metrics.held(await senders.held()), log))
  const sending = {
    vonage: stack.use(await createVonageClient(vonageConfig(config))),
    ledger,
    consent,
    settings,
    log,
    now: Date.now,
    count: metrics.sent,
    senders,
    rate: createSenderRate(redis),
    ...phone,
    random: Math.random,
    replyGuard: createReplyGuard(redis),
    limitReached: ceilings.reached,
    subscriptions: createSubscriptions(redis),
    feedValues: createFeedValues(redis),
    inbound: createInbound(redis),
    isAlertOpen: async (alertId: string) => isOpen(await alerts.get(alertId)),
    applyStatus: (parked: unknown) => applyParked(parked, status),
    report,
    alerts,
    isUrgent: outbox.isUrgent,
    sendAlone: outbox.sendMany,
  }
  const worker = { redis, log, health, signal: stopping.signal, observe: createJobMetrics(health.metrics) }
  startSending(sending, { ...worker, pausesWhenRateLimited: true, concurrency: config.OUTBOUND_CONCURRENCY }, stack)
  const calls = { calls: createCalls(redis, settings.retention), waitingCalls: phone.waitingCalls }
  startReports({ status, ...calls, count: metrics.callEvent }, worker, stack)
  stack.use(startWorker(unrecognisedWebhookQueue, readAnew(redis, stack, log), { ...worker, concurrency: 1 }))
})

/** Nobody has seen an exhausted one: a message that is late may still change that. */
function isOpen(alert: Alert | undefined): boolean {
  return alert?.state === 'walking' || alert?.state === 'exhausted'
}

function openPhone(redis: RedisConnection, limits: LimitsInForce) {
  return {
    lines: createLines(redis),
    waitingCalls: createWaitingCalls(redis),
    callCeiling: createCallCeiling(redis, 'alert-calls', limits),
  }
}

/** One worker for the messages of each channel, one for its packs, and one for alerts that leave together. */
function startSending(
  deps: Omit<PackSenderDeps, 'concurrency'> & Omit<BundleDeps, 'send'>,
  options: WorkerDeps & { concurrency: number },
  stack: AsyncDisposableStack,
): void {
  const send = createSendHandler(deps)
  for (const channel of alertChannels) stack.use(startWorker(outboundQueues[channel], send, options))
  const sendPack = createPackSender({ ...deps, concurrency: options.concurrency })
  for (const channel of channels) {
    stack.use(startWorker(packQueues[channel], sendPack, { ...options, concurrency: PACKS }))
  }
  stack.use(startWorker(alertBundleQueue, createBundleHandler({ ...deps, send }), options))
}

/** The workers for what Vonage reports of messages and of calls. */
function startReports(
  { status, ...deps }: Omit<CallEventDeps, 'applyStatus' | 'log'> & { status: StatusDeps },
  options: WorkerDeps,
  stack: AsyncDisposableStack,
): void {
  const applyStatus = createStatusHandler(status)
  const applyCallEvent = createCallEventHandler({ ...deps, applyStatus, log: status.log })
  stack.use(startWorker(callEventQueue, applyCallEvent, { ...options, concurrency: 20 }))
  stack.use(startWorker(messageStatusQueue, applyStatus, { ...options, concurrency: 20 }))
}

/** What was not understood goes its way when somebody asks for it again. */
function readAnew(redis: RedisConnection, stack: AsyncDisposableStack, log: KeptWebhookDeps['log']) {
  return createKeptWebhookHandler({
    read: readKeptWebhook,
    inbound: stack.use(createProducer(inboundMessageQueue, redis)),
    status: stack.use(createProducer(messageStatusQueue, redis)),
    callEvents: stack.use(createProducer(callEventQueue, redis)),
    log,
  })
}
