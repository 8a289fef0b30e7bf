import { randomUUID } from 'node:crypto'

import { alertStepQueue, answerWordsOf, policy, planOf, switchboardConfig } from '@switchboard/contracts'
import type { AlertAttention, AlertPlan, AlertRequest, MessageStatus, OutboundMessage } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import {
  createAlerts,
  createConsent,
  createFeedValues,
  createInbound,
  createLateReplies,
  createLedger,
  createLines,
  createReplyGuard,
  createSenderRate,
  createSenders,
  createSubscriptions,
  createWaitingCalls,
} from '@switchboard/store'
import type { Redis } from 'ioredis'

import { createAcknowledgeLink } from '../../../services/failover/src/acknowledge-link.ts'
import { createAlertWorkflow } from '../../../services/failover/src/alert-workflow.ts'
import { createWalker } from '../../../services/failover/src/walker.ts'
import { createAlertReport } from '../../../services/outbound/src/report-alert.ts'
import { createSendHandler } from '../../../services/outbound/src/send-handler.ts'
import { createStatusHandler } from '../../../services/outbound/src/status-handler.ts'

export const benchSettings = switchboardConfig.parse({
  senders: { sms: '447700900000', whatsapp: '447700900001', messenger: '100000001', viber_service: 'Switchboard' },
  rates: { sms: 100_000, whatsapp: 100_000, messenger: 100_000, viber_service: 100_000, voice: 1_000 },
})
export const benchSecret = 'only for the benchmark of alerts'
export const EXPIRY_SECONDS = 600

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const none = () => undefined
const isRequested = async () => false
const never = async () => {
  throw new Error('The benchmark does not come here')
}

/** Where the messages of the failover service go: to the sender at once, or to whoever else wants them. */
export interface PipelineOptions {
  redis: Redis
  send: (message: OutboundMessage) => Promise<void>
}

/** The handlers of the failover service on a real Redis, without queues of their own in front of them. */
export function createFailover({ redis, send }: PipelineOptions) {
  const alerts = createAlerts(redis)
  const timers = createProducer(alertStepQueue, redis)
  const workflow = createAlertWorkflow({
    trail: { enqueue: async () => {} },
    lateReplies: createLateReplies(redis),
    callerWorkflows: { reached: never },
    alerts,
    timers,
    ledger: createLedger(redis),
    // Few people get all of them here: each message leaves alone, or there would be little to measure.
    bundling: { gathers: async () => false },
    outbox: { send },
    handOver: never,
    callers: { finalReport: never },
    callUrls: () => ({ keysUrl: 'https://alerts.example/key' }),
    acknowledgeLink: createAcknowledgeLink({ SESSION_SECRET: benchSecret, PUBLIC_URL: 'https://alerts.example.com' }),
    settings: benchSettings,
    now: Date.now,
    log: silent,
  })
  const observe = { blocked: none, ended: none, lateness: none }
  const ledger = createLedger(redis)
  /** A walker that takes something else for now; timers go by the real time. */
  const walkerAt = (now: () => number) =>
    createWalker({
      alerts,
      ledger,
      workflow,
      isRequested,
      callers: { status: never },
      vocabulary: answerWordsOf({}),
      readRetry: never,
      now,
      log: silent,
      observe,
    })
  return { walker: walkerAt(Date.now), walkerAt, [Symbol.asyncDispose]: () => timers[Symbol.asyncDispose]() }
}

/** The handlers of the outbound service, with a Vonage that accepts everything at once. */
export function createOutbound(redis: Redis, attention: (attention: AlertAttention) => Promise<void>) {
  const ledger = createLedger(redis)
  const consent = createConsent(redis)
  const { report, reportStatus } = createAlertReport({ attention: { enqueue: attention }, now: Date.now })
  const status = createStatusHandler({
    ledger,
    endConsent: async () => undefined,
    reportStatus,
    workflowStatus: async () => false,
    outbox: { send: never },
    settings: { templates: {} },
    log: silent,
    count: none,
  })
  const send = createSendHandler({
    vonage: { send: async () => ({ messageUuids: [randomUUID()], parts: 1 }) },
    ledger,
    callCeiling: { take: async () => true },
    consent,
    report,
    settings: benchSettings,
    senders: createSenders(redis),
    rate: createSenderRate(redis),
    lines: createLines(redis),
    waitingCalls: createWaitingCalls(redis),
    random: Math.random,
    replyGuard: createReplyGuard(redis),
    limitReached: async () => undefined,
    subscriptions: createSubscriptions(redis),
    feedValues: createFeedValues(redis),
    inbound: createInbound(redis),
    isAlertOpen: async () => true,
    applyStatus: never,
    now: Date.now,
    log: silent,
    count: none,
  })
  return {
    ledger,
    status,
    send: (message: OutboundMessage) => send(message),
  }
}

/** The seed's two people, for each of so many teams. */
export function benchPlan(team: number): AlertPlan {
  const number = (person: number) => String(447_700_000_000 + team * 10 + person)
  const users = [
    { name: 'Tony', channels: [channelOf('viber_service', number(1)), channelOf('sms', number(1))] },
    {
      name: 'Michael',
      channels: (['viber_service', 'whatsapp', 'sms'] as const).map((type) => channelOf(type, number(2))),
    },
  ]
  return planOf(policy.parse({ users }), `team-${team}`)
}

function channelOf(type: string, id_num: string) {
  return { type, id_num, expiry_time: EXPIRY_SECONDS }
}

export function benchRequest(id: string, plan: AlertPlan): AlertRequest {
  return { id, text: 'Disk of db-7 is 97 % full, writes stop in about 20 minutes', plan, createdAt: Date.now() }
}

export function statusOf(messageId: string, messageUuid: string, state: MessageStatus['state']): MessageStatus {
  const at = Date.now()
  return { kind: 'message', messageUuid, clientRef: messageId, state, at, receivedAt: at, channel: 'viber_service' }
}
