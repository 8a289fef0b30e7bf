import {
  alertStepQueue,
  answerWordsOf,
  auditEntry,
  auditEntryQueue,
  dispatchWebhookQueue,
  planOf,
  policy,
  switchboardConfig,
} from '@switchboard/contracts'
import type { AlertAct, AlertAttention, AlertRequest } from '@switchboard/contracts'
import { createOutbox, createProducer } from '@switchboard/queue'
import { createAlerts, createCallerWorkflows, createLateReplies, createLedger } from '@switchboard/store'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createAlertWorkflow } from '../../services/failover/src/alert-workflow.ts'
import { createCallerReports } from '../../services/failover/src/caller-reports.ts'
import { createWalker } from '../../services/failover/src/walker.ts'
import { findAlerts } from '../../services/inbound-router/src/find-alerts.ts'
import { openBundling } from '../support/bundling.ts'
import { crashEverywhere } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const START = Date.now()
const settings = switchboardConfig.parse({})
const none = () => undefined
const silent = { info: none, warn: none, error: none }
const never = () => Promise.reject(new Error('not in this test'))

let redis: TestRedis
beforeAll(async () => {
  redis = await openTestRedis()
})
afterAll(() => redis[Symbol.asyncDispose]())

const sms = (id_num: string) => ({ type: 'sms', id_num, expiry_time: 60 })
const plan = planOf(
  policy.parse({
    announce: true,
    users: ['1', '2'].map((user) => ({ name: user, channels: [sms(`44770090001${user}`), sms(`44770090002${user}`)] })),
  }),
)
const request: AlertRequest = { id: 'alert-1', text: 'db-7 is down', plan, createdAt: START }
/** Another one, to the same people. */
const second: AlertRequest = { ...request, id: 'alert-2', text: 'db-8 is down' }
const bundleDue = { personId: 'tel.447700900011', bundleId: 'bundle-al-alert-2-0-0-0-0', at: START + 11_000 }
const step = (user: number, channel: number) => ({ alertId: request.id, round: 0, user, channel })
const evidence = (about: AlertAttention['evidence'], evidenceId = 'e') => ({
  alertId: request.id,
  at: START,
  evidenceId,
  evidence: about,
})

const says = (address: string, words: string): AlertAttention['evidence'] => ({
  kind: 'reply',
  contact: { channel: 'sms', address },
  words,
})
const act = (what: AlertAct): AlertAttention['evidence'] => ({
  kind: 'act',
  act: what,
  by: { how: 'api', name: 'Ann' },
})

/** The failover service at a moment after the start of the alert. */
function failover(seconds: number) {
  const now = () => START + seconds * 1_000
  return (client: Redis, stack: AsyncDisposableStack) => {
    const alerts = createAlerts(client)
    const ledger = createLedger(client)
    const log = { ...silent, error: ({ error }: { error?: unknown }) => expect.fail(String(error)) }
    const bundling = openBundling(client, stack, { now, log })
    const workflow = createAlertWorkflow({
      alerts,
      ledger,
      bundling,
      trail: stack.use(createProducer(auditEntryQueue, client)),
      lateReplies: createLateReplies(client),
      callerWorkflows: createCallerWorkflows(client),
      outbox: stack.use(createOutbox(client)),
      timers: stack.use(createProducer(alertStepQueue, client)),
      handOver: never,
      callers: createCallerReports({
        ledger: createLedger(client),
        webhooks: stack.use(createProducer(dispatchWebhookQueue, client)),
        senders: {},
        now,
      }),
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
      vocabulary: answerWordsOf({}),
      readRetry: never,
      now,
      log: silent,
      observe: { blocked: none, ended: none, lateness: none },
    })
    const reconcileAll = async () => {
      await workflow.reconcile(walker.performDue)
      await bundling.workflow.reconcile(bundling.performDue)
    }
    return { walker, workflow, bundling, reconcile: reconcileAll }
  }
}

type Failover = ReturnType<ReturnType<typeof failover>>
const at = (seconds: number, act: (service: Failover) => Promise<unknown>) => {
  const open = failover(seconds)
  return (client: Redis, stack: AsyncDisposableStack) => act(open(client, stack))
}
const begin = ({ walker }: Failover) => walker.begin(request)
const ofCaller = { ...request, dispatch: { uuid: 'd1', statusUrl: 'https://caller.example/status' } }
const readByFirst = ({ walker }: Failover) =>
  walker.attention(evidence({ kind: 'outcome', step: step(0, 0), state: 'read' }))
const rejected = ({ walker }: Failover) =>
  walker.attention(evidence({ kind: 'outcome', step: step(0, 0), state: 'rejected' }))
const untilLast = async (service: Failover) => {
  await begin(service)
  for (const [user, channel] of [
    [0, 0],
    [0, 1],
    [1, 0],
  ] as const)
    await service.walker.attention(evidence({ kind: 'outcome', step: step(user, channel), state: 'rejected' }))
}
/** Before the next deadline, so that what is seen is the repair and not the next step. */
const reconcile = (seconds: number) => at(seconds, (service) => service.reconcile())

it.each([
  { name: 'an alert begins', act: at(0, begin), reconcile: reconcile(6) },
  { name: 'a step fails', prepare: at(0, begin), act: at(1, rejected), reconcile: reconcile(7) },
  {
    name: 'a deadline comes',
    prepare: at(0, begin),
    act: at(60, ({ walker }) => walker.step(step(0, 0))),
    reconcile: reconcile(66),
    // It is as late as it was found.
    mayDiffer: /A\d|\d{13}|\[6[06]000/g,
  },
  {
    name: 'an outcome is unknown',
    prepare: at(0, begin),
    act: at(1, ({ walker }) => walker.attention(evidence({ kind: 'outcome', step: step(0, 0), state: 'unknown' }))),
    reconcile: reconcile(7),
  },
  {
    name: 'somebody answers, and everybody hears of it',
    prepare: at(0, untilLast),
    act: at(2, ({ walker }) => walker.attention(evidence({ kind: 'link', user: 1 }))),
    reconcile: reconcile(8),
  },
  {
    name: 'somebody cannot, says so, and is answered',
    prepare: at(0, begin),
    act: at(2, ({ walker }) => walker.attention(evidence(says('447700900011', "can't, on a plane")))),
    reconcile: reconcile(8),
  },
  {
    name: 'who has it passes it on, and it walks again',
    prepare: at(0, async (service) => {
      await begin(service)
      await service.walker.attention(evidence(says('447700900011', 'ok'), 'first'))
    }),
    act: at(2, ({ walker }) => walker.attention(evidence(says('447700900011', 'no'), 'second'))),
    reconcile: reconcile(8),
  },
  {
    name: 'it is handed over',
    prepare: at(0, begin),
    act: at(2, ({ walker }) => walker.attention(evidence(act({ kind: 'hand-over', to: '2' })))),
    reconcile: reconcile(8),
  },
  {
    name: 'it is put off',
    prepare: at(0, begin),
    act: at(2, ({ walker }) => walker.attention(evidence(act({ kind: 'snooze', minutes: 5 })))),
    reconcile: reconcile(8),
  },
  {
    name: 'it is resolved, and everybody hears of it',
    prepare: at(0, untilLast),
    act: at(2, ({ walker }) => walker.attention(evidence(act({ kind: 'resolve' })))),
    reconcile: reconcile(8),
  },
  {
    name: 'a caller of the Dispatch endpoint is told how it ended',
    prepare: at(0, ({ walker }) => walker.begin(ofCaller)),
    act: at(2, readByFirst),
    reconcile: reconcile(8),
  },
  {
    name: 'another alert to the same person waits for others',
    prepare: at(0, begin),
    act: at(1, ({ walker }) => walker.begin(second)),
    reconcile: reconcile(7),
    mayDiffer: /A\d|\d{13}/g,
  },
  {
    name: 'a bundle goes out',
    prepare: at(1, async (service: Failover) => {
      await begin(service)
      await service.walker.begin(second)
    }),
    act: at(11, ({ bundling }) => bundling.due(bundleDue)),
    // Also when what was handed over must be forgotten by somebody else.
    reconcile: reconcile(30),
    mayDiffer: /A\d|\d{13}/g,
  },
  {
    name: 'the list is exhausted',
    // Who was contacted finds the alert at every moment.
    atOnce: async (client: Redis) => {
      const sources = {
        alerts: createAlerts(client),
        lateReplies: createLateReplies(client),
        callerWorkflows: createCallerWorkflows(client),
        now: () => START,
      }
      for (const address of ['447700900011', '447700900022']) {
        const { openAlerts, lateAlert } = await findAlerts({ channel: 'sms', address }, undefined, sources)
        expect(openAlerts[0]?.id ?? lateAlert?.id).toBe(request.id)
      }
    },
    prepare: at(0, untilLast),
    act: at(2, ({ walker }) => walker.attention(evidence({ kind: 'outcome', step: step(1, 1), state: 'rejected' }))),
    reconcile: reconcile(8),
  },
  {
    name: 'somebody takes what nobody had answered',
    prepare: at(0, async (service: Failover) => {
      await untilLast(service)
      await service.walker.attention(evidence({ kind: 'outcome', step: step(1, 1), state: 'rejected' }))
    }),
    act: at(2, ({ walker }) => walker.attention(evidence({ kind: 'link', user: 0 }))),
    reconcile: reconcile(8),
  },
])('$name: a crash before any command leaves nothing undone', async (scenario) => {
  // The timer of a step that was left may stay: it finds nothing to do. So may the code of a begin that was run again.
  const crashes = await crashEverywhere(redis, {
    harmless: /^job (alert-step|bundle-due)|^sb:alert-plan|^sb:alert-of-code:/,
    mayDiffer: /A\d|\\"at\\":\d{13}/g,
    ...scenario,
  })
  expect(crashes).toBeGreaterThan(5)
})

it('what people do by a message is on record, once each, and what they ask is not', async () => {
  await using stack = new AsyncDisposableStack()
  await redis.flush()
  const service = failover(0)(redis.client, stack)
  await begin(service)
  for (const [id, words] of [
    ['asks', '?'],
    ['takes', 'ok'],
    ['takes', 'ok'],
    ['passes', 'no'],
  ] as const)
    await service.walker.attention(evidence(says('447700900011', words), id))
  await service.workflow.sweep.run()
  await service.reconcile()
  const jobs = await redis.client.keys(`{sb-${auditEntryQueue.name}}:*:audit-*`)
  const entries = await Promise.all(
    jobs.map(async (job) => auditEntry.parse(JSON.parse((await redis.client.hget(job, 'data')) ?? ''))),
  )
  const who = { kind: 'person', who: '1', via: 'message', target: 'alert-1' }
  expect(entries.toSorted((a, b) => (a.action < b.action ? -1 : 1))).toMatchObject([
    { ...who, action: 'alert.acknowledge', detail: 'taken' },
    { ...who, action: 'alert.pass', detail: 'passed' },
  ])
})

it('a final report goes out once, also when somebody reads an hour later and nobody remembers that it went', async () => {
  await using stack = new AsyncDisposableStack()
  await redis.flush()
  const first = failover(0)(redis.client, stack)
  await first.walker.begin(ofCaller)
  await readByFirst(first)
  const reports = () => redis.client.keys(`{sb-${dispatchWebhookQueue.name}}:*report*`)
  expect(await reports()).toHaveLength(1)
  await redis.client.del(await reports())
  const later = failover(3_600)(redis.client, stack)
  await readByFirst(later)
  await later.workflow.sweep.run()
  await later.reconcile()
  expect(await reports()).toEqual([])
})
