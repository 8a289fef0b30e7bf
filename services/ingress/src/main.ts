import {
  alertAttentionQueue,
  alertRequestQueue,
  auditEntryQueue,
  callEventQueue,
  eraseRequestQueue,
  feedRefreshQueue,
  inboundMessageQueue,
  limitsInForce,
  messageStatusQueue,
  notificationRequestQueue,
  signupRequestQueue,
  unrecognisedWebhookQueue,
} from '@switchboard/contracts'
import { createFailedJobs, createOutbox, createProducer, inGroups, openQueues } from '@switchboard/queue'
import { isSimulated, notePresence, openDurableRedis, openFailFastRedis, runService } from '@switchboard/runtime'
import {
  createAlerts,
  createBoundQueries,
  createCallCeiling,
  createCalls,
  createConsent,
  createDurableConsent,
  createFeedValues,
  createFollowUps,
  createIdempotency,
  createLedger,
  createNotifications,
  createPersonIndex,
  createQuotas,
  createSignups,
  createSubscriptions,
  createTraffic,
  createWaitingCalls,
} from '@switchboard/store'
import { createWebhookVerifier, longestValidity } from '@switchboard/vonage'

import { buildApp } from './app.ts'
import { configSchema } from './config.ts'
import { verifyCallerOf } from './dispatch-config.ts'
import {
  createShedCounter,
  createSignupLimitCounter,
  createTokenFailureCounter,
  createWebhookCounter,
} from './metrics.ts'
import { openTokens } from './open-tokens.ts'
import { createOptOutFirst } from './opt-out-first.ts'
import { createRequireSignature } from './require-signature.ts'
import { smsSignatureOf } from './sms-signature.ts'
import { voiceSettingsOf } from './voice-config.ts'

const SLACK_SECONDS = 60

await runService('ingress', configSchema, process.env, async ({ config, log, health, stack, stopping, clock }) => {
  const redis = stack.use(openFailFastRedis({ config, log, health, stopping, clock }))
  const durableConsent = createDurableConsent(stack.use(openDurableRedis({ config, log, health, stopping })))
  const count = createWebhookCounter(health.metrics)
  const verify = createWebhookVerifier({
    signatureSecrets: config.VONAGE_SIGNATURE_SECRET,
    applicationIds: config.VONAGE_APPLICATION_ID,
    toleranceSeconds: config.VONAGE_SIGNATURE_TOLERANCE_SECONDS,
    now: Date.now,
  })
  // A moment longer: what is remembered runs out by the clock of Redis.
  const keptSeconds = longestValidity(config.VONAGE_SIGNATURE_TOLERANCE_SECONDS) + SLACK_SECONDS
  const boundQueries = createBoundQueries(redis, keptSeconds)
  const quotas = createQuotas(redis)
  const ledger = createLedger(redis)
  const app = await buildApp({
    log,
    now: Date.now,
    count,
    ...openTokens({ config, redis, log, stack }),
    trail: stack.use(createProducer(auditEntryQueue, redis)),
    countTokenFailure: createTokenFailureCounter(health.metrics),
    countShed: createShedCounter(health.metrics),
    rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
    trustProxy: config.TRUST_PROXY,
    requireSignature: createRequireSignature({ verify, bindQuery: boundQueries.bind, count }),
    requireVoiceSignature: createRequireSignature({
      verify,
      bindQuery: boundQueries.bind,
      count,
      passesUnsigned: config.VONAGE_VOICE_UNSIGNED,
    }),
    smsSignature: smsSignatureOf(config),
    inbound: createOptOutFirst({
      inbound: inGroups(stack.use(createProducer(inboundMessageQueue, redis))),
      recordConsent: (person, event) => durableConsent.record(person, event),
    }),
    status: inGroups(stack.use(createProducer(messageStatusQueue, redis))),
    callEvents: inGroups(stack.use(createProducer(callEventQueue, redis))),
    unrecognised: stack.use(createProducer(unrecognisedWebhookQueue, redis)),
    refresh: stack.use(createProducer(feedRefreshQueue, redis)),
    alertSettings: config.SWITCHBOARD_CONFIG,
    alertRequests: stack.use(createProducer(alertRequestQueue, redis)),
    attention: stack.use(createProducer(alertAttentionQueue, redis)),
    alerts: createAlerts(redis),
    ledger,
    callSettings: config.SWITCHBOARD_CONFIG,
    verifyCaller: verifyCallerOf(config),
    dispatchUrls: { statusUrl: config.DISPATCH_STATUS_URL, inboundUrl: config.DISPATCH_INBOUND_URL },
    idempotency: createIdempotency(redis),
    sessionSecret: config.SESSION_SECRET,
    publicUrl: config.PUBLIC_URL,
    messageSettings: config.SWITCHBOARD_CONFIG,
    messages: { ledger, people: createPersonIndex(redis), traffic: createTraffic(redis) },
    outbox: stack.use(createOutbox(redis)),
    notificationSettings: config.SWITCHBOARD_CONFIG,
    notificationRequests: stack.use(createProducer(notificationRequestQueue, redis)),
    notifications: createNotifications(redis),
    signupSettings: config.SWITCHBOARD_CONFIG,
    signupRequests: stack.use(createProducer(signupRequestQueue, redis)),
    signups: createSignups(redis),
    quotas,
    countLimited: createSignupLimitCounter(health.metrics),
    consent: createConsent(redis),
    followUps: createFollowUps(redis),
    eraseRequests: stack.use(createProducer(eraseRequestQueue, redis)),
    feeds: config.SWITCHBOARD_CONFIG.feeds,
    feedValues: createFeedValues(redis),
    subscriptions: createSubscriptions(redis),
    voice: voiceSettingsOf(config),
    notePresence: (self) => notePresence(redis, self),
    mayCall: createCallCeiling(redis, 'calls', limitsInForce(config.SWITCHBOARD_CONFIG.limits, isSimulated(config)))
      .take,
    calls: createCalls(redis),
    waitingCalls: createWaitingCalls(redis),
    failed: createFailedJobs(stack.use(openQueues(redis))),
  })
  stack.defer(() => app.close())
  await app.listen({ port: config.INGRESS_PORT, host: config.HOST })
  log.info({ port: config.INGRESS_PORT }, 'ingress.listening')
})
