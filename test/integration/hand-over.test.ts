import {
  alertAttentionQueue,
  alertStepQueue,
  messageStatusQueue,
  planOf,
  policy,
  statusWebhook,
  switchboardConfig,
} from '@switchboard/contracts'
import type { StatusWebhook } from '@switchboard/contracts'
import { createOutbox, createProducer } from '@switchboard/queue'
import {
  createAlerts,
  createCallerWorkflows,
  createConsent,
  createLateReplies,
  createLedger,
  createSenders,
} from '@switchboard/store'
import type { Alerts } from '@switchboard/store'
import { NotAcceptedError } from '@switchboard/vonage'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createAlertWorkflow } from '../../services/failover/src/alert-workflow.ts'
import { createHandOver } from '../../services/failover/src/hand-over.ts'
import { beginAlert } from '../../services/failover/src/walk.ts'
import { withClient } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const START = Date.now()
const none = () => undefined
const settings = switchboardConfig.parse({ senders: { sms: '447700900000' } })
const sms = (id_num: string) => ({ type: 'sms', id_num, expiry_time: 60 })
const plan = planOf(
  policy.parse({
    engine: 'dispatch',
    users: [{ name: 'Ada', channels: ['447700900123', '447700900124'].map(sms) }],
  }),
)
/** Vonage reports it before it has answered us. */
const early: StatusWebhook = {
  kind: 'message',
  channel: 'sms',
  messageUuid: 'm1',
  dispatchUuid: 'd1',
  state: 'delivered',
  at: START,
  receivedAt: START,
}

let redis: TestRedis
beforeAll(async () => {
  redis = await openTestRedis()
})
beforeEach(() => redis.flush())
afterAll(() => redis[Symbol.asyncDispose]())

/** The failover service, so many seconds after the start, and a Dispatch that counts what it is asked. */
function open(
  client: Redis,
  stack: AsyncDisposableStack,
  dispatch: () => Promise<{ dispatchUuid: string }>,
  at = 0,
  alerts: Alerts = createAlerts(client),
) {
  const ledger = createLedger(client)
  const now = () => START + at * 1_000
  const log = { info: none, warn: none, error: none }
  const links = {
    acknowledgeLink: () => 'https://alerts.example/a',
    callUrls: () => ({ keysUrl: 'https://alerts.example/key' }),
  }
  const handOver = createHandOver({
    vonage: { dispatch },
    alerts,
    ledger,
    consent: createConsent(client),
    senders: createSenders(client),
    attention: stack.use(createProducer(alertAttentionQueue, client)),
    statuses: stack.use(createProducer(messageStatusQueue, client)),
    parseStatus: (parked) => statusWebhook.parse(parked),
    ...links,
    settings,
    now,
    log,
  })
  const workflow = createAlertWorkflow({
    alerts,
    trail: { enqueue: async () => {} },
    lateReplies: createLateReplies(client),
    callerWorkflows: createCallerWorkflows(client),
    outbox: stack.use(createOutbox(client)),
    ledger,
    bundling: { gathers: async () => false },
    timers: stack.use(createProducer(alertStepQueue, client)),
    handOver,
    callers: { finalReport: () => Promise.reject(new Error('not in this test')) },
    ...links,
    settings,
    now,
    log,
  })
  return {
    reconcile: () => workflow.reconcile(),
    begin: async () => {
      const planId = await alerts.savePlan(plan)
      const begun = beginAlert({ id: 'a1', text: 'db-7', plan, createdAt: START }, { code: 'A1', planId, now: START })
      await workflow.move('a1', (current) => current ?? begun, plan)
    },
  }
}

const refusal = new NotAcceptedError({ kind: 'refused', code: '1120', reason: 'Not a number' })
const hasJob = async (queue: string) => (await redis.client.keys(`{sb-${queue}}:${queue}:seen*`)).length > 0
const hasStatus = async () => (await redis.client.keys(`{sb-message-status}:message-status:*m1*`)).length > 0

it.each([
  { name: 'accepted', answer: async () => ({ dispatchUuid: 'd1' }) },
  { name: 'refused', answer: () => Promise.reject(refusal) },
])('$name: a hand-over goes out once, and what it came to is not lost, whatever dies when', async ({ answer }) => {
  let lost = 0
  for (let commands = 0; ; commands += 1) {
    expect(commands).toBeLessThan(200)
    await redis.flush()
    let requests = 0
    const dispatch = async () => {
      requests += 1
      await createLedger(redis.client).park(early, 'd1')
      return answer()
    }
    const begin = (at: number) => (client: Redis, stack: AsyncDisposableStack) =>
      open(client, stack, dispatch, at).begin()
    const didDie = await withClient(redis.url, commands, begin(0))
    // Others look after it, and the queue gives the job to somebody else.
    await withClient(redis.url, Infinity, (client, stack) => open(client, stack, dispatch, 6).reconcile())
    await withClient(redis.url, Infinity, begin(7))

    const hint = `dead before command ${commands + 1}`
    const known = (await createAlerts(redis.client).get('a1'))?.workflows?.['0.0']
    expect(requests, hint).toBeLessThan(2)
    if (known?.state === 'sending') lost += 1
    else if (known?.refusedBecause !== undefined) expect(await hasJob('alert-attention'), hint).toBe(true)
    else {
      expect(known, hint).toEqual({ state: 'sent', uuid: 'd1' })
      expect(await createAlerts(redis.client).workflowOwner('d1'), hint).toMatchObject({ alertId: 'a1' })
      expect(await hasStatus(), hint).toBe(true)
    }
    if (!didDie) break
  }
  // Only between the claim and the record of the answer nobody can know: the walk goes on at its deadline.
  expect(lost).toBeLessThan(3)
})

it('a claim that reached Redis twice, because the connection broke behind it, is still its own', async () => {
  let requests = 0
  const dispatch = async () => {
    requests += 1
    return { dispatchUuid: 'd1' }
  }
  await withClient(redis.url, Infinity, (client, stack) => {
    const alerts = createAlerts(client)
    const twice: Alerts = {
      ...alerts,
      async change(id, decide, options) {
        await alerts.change(id, decide, options)
        return alerts.change(id, decide, options)
      },
    }
    return open(client, stack, dispatch, 0, twice).begin()
  })
  expect(requests).toBe(1)
  expect((await createAlerts(redis.client).get('a1'))?.workflows?.['0.0']).toEqual({ state: 'sent', uuid: 'd1' })
})
