import { alertAttentionQueue, alertStepQueue, answerWordsOf } from '@switchboard/contracts'
import type { SwitchboardConfig } from '@switchboard/contracts'
import { createOutbox, createProducer } from '@switchboard/queue'
import {
  createAlerts,
  createCallerWorkflows,
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
import { expect } from 'vitest'

import { createAlertWorkflow } from '../../services/failover/src/alert-workflow.ts'
import { createWalker } from '../../services/failover/src/walker.ts'
import { createBundleHandler } from '../../services/outbound/src/bundle.ts'
import { createAlertReport } from '../../services/outbound/src/report-alert.ts'
import { createSendHandler } from '../../services/outbound/src/send-handler.ts'
import { createStatusHandler } from '../../services/outbound/src/status-handler.ts'
import { openBundling } from './bundling.ts'

export interface Sent {
  id: string
  to: string
  text: string
}

export interface AlertServices {
  now: () => number
  settings: SwitchboardConfig
  /** What was sent. */
  sent: Sent[]
  /** What Vonage makes of a message: accepted, unless it is an error. */
  answer?: ((message: Sent) => Error | undefined) | undefined
}

const none = () => undefined
const log = { info: none, warn: none, error: ({ error }: { error?: unknown }) => expect.fail(String(error)) }
const never = () => Promise.reject(new Error('not in this test'))

/** The failover and outbound services on a real Redis, without queues in front of them. */
export function alertServices({ now, settings, sent, answer }: AlertServices) {
  return (client: Redis, stack: AsyncDisposableStack) => {
    const alerts = createAlerts(client)
    const ledger = createLedger(client)
    const consent = createConsent(client)
    const bundling = openBundling(client, stack, { now, log })
    const workflow = createAlertWorkflow({
      alerts,
      ledger,
      bundling,
      trail: { enqueue: async () => {} },
      lateReplies: createLateReplies(client),
      callerWorkflows: createCallerWorkflows(client),
      outbox: stack.use(createOutbox(client)),
      timers: stack.use(createProducer(alertStepQueue, client)),
      handOver: never,
      callers: { finalReport: never },
      acknowledgeLink: () => 'https://alerts.example/a',
      callUrls: () => ({ keysUrl: 'https://alerts.example/key' }),
      settings,
      now,
      log,
    })
    const walker = createWalker({
      alerts,
      workflow,
      ledger,
      isRequested: async () => false,
      callers: { status: never },
      readRetry: never,
      vocabulary: answerWordsOf({}),
      now,
      log,
      observe: { blocked: none, ended: none, lateness: none },
    })
    const attention = stack.use(createProducer(alertAttentionQueue, client))
    const { report, reportStatus } = createAlertReport({ attention, now })
    const send = createSendHandler({
      vonage: {
        async send({ id, to, text }) {
          const message = { id, to, text }
          sent.push(message)
          const error = answer?.(message)
          if (error) throw error
          return { messageUuids: [`uuid-${id}`], parts: 1 }
        },
      },
      ledger,
      callCeiling: { take: async () => true },
      consent,
      report,
      settings,
      applyStatus: never,
      isAlertOpen: async () => true,
      limitReached: async () => undefined,
      senders: createSenders(client),
      rate: createSenderRate(client),
      lines: createLines(client),
      waitingCalls: createWaitingCalls(client),
      replyGuard: createReplyGuard(client),
      subscriptions: createSubscriptions(client),
      feedValues: createFeedValues(client),
      inbound: createInbound(client),
      log,
      count: none,
      now,
      random: Math.random,
    })
    const status = createStatusHandler({
      outbox: { send: never },
      settings,
      ledger,
      endConsent: async () => undefined,
      reportStatus,
      workflowStatus: async () => false,
      log,
      count: none,
    })
    const sendBundle = createBundleHandler({ alerts, ledger, send, report, settings, log, now })
    return { walker, bundling, send, sendBundle, status, now, alerts, ledger }
  }
}
