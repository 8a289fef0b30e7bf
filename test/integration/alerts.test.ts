import {
  alertStepQueue,
  answerWordsOf,
  outboundQueues,
  planOf,
  policy,
  switchboardConfig,
} from '@switchboard/contracts'
import type { AlertAttention, Contact } from '@switchboard/contracts'
import { createOutbox, createProducer, queuePrefix } from '@switchboard/queue'
import { createAlerts, createCallerWorkflows, createLateReplies, createLedger } from '@switchboard/store'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createAlertWorkflow } from '../../services/failover/src/alert-workflow.ts'
import { createWalker } from '../../services/failover/src/walker.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const tony: Contact = { channel: 'sms', address: '447700900011' }
const sms = (id_num: string) => ({ type: 'sms', id_num, expiry_time: 60 })
const plan = planOf(
  policy.parse({ users: [{ name: 'Tony', channels: [sms(tony.address), sms('447700900012'), sms('447700900013')] }] }),
)
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

let redis: TestRedis
let cleanup: AsyncDisposableStack
let steps: Queue
let messages: Queue
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
  const open = (name: string) => new Queue(name, { connection: redis.client, prefix: queuePrefix(name) })
  ;[steps, messages] = [open(alertStepQueue.name), open(outboundQueues.sms.name)]
  cleanup.defer(() => Promise.all([steps.close(), messages.close()]).then(() => undefined))
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

/** What one replica of the failover service works with. */
function startReplica() {
  const alerts = createAlerts(redis.client)
  const timers = cleanup.use(createProducer(alertStepQueue, redis.client))
  let rescues = 0
  let time = Date.now
  const workflow = createAlertWorkflow({
    trail: { enqueue: async () => {} },
    lateReplies: createLateReplies(redis.client),
    callerWorkflows: createCallerWorkflows(redis.client),
    alerts,
    timers,
    ledger: createLedger(redis.client),
    // Each message leaves alone here.
    bundling: { gathers: async () => false },
    outbox: cleanup.use(createOutbox(redis.client)),
    handOver: never,
    callers: { finalReport: never },
    callUrls: () => ({ keysUrl: 'https://alerts.example/key' }),
    acknowledgeLink: (alertId, user) => `https://alerts.example/a/${user}-${alertId}`,
    settings: switchboardConfig.parse({}),
    now: () => time(),
    log: silent,
    countRescue: () => (rescues += 1),
  })
  const observe = { blocked: () => undefined, ended: () => undefined, lateness: () => undefined }
  const ledger = createLedger(redis.client)
  const walker = createWalker({
    alerts,
    ledger,
    workflow,
    isRequested: async () => false,
    callers: { status: never },
    vocabulary: answerWordsOf({}),
    readRetry: never,
    now: () => time(),
    log: silent,
    observe,
  })
  const reconcileAt = (now: number) => {
    time = () => now
    return workflow.reconcile(walker.performDue)
  }
  return { alerts, walker, reconcileAt, rescues: () => rescues }
}

function request(id: string) {
  return { id, text: 'db-7 is down', plan, createdAt: Date.now() }
}

function failed(alertId: string, channel: number): AlertAttention {
  const step = { alertId, round: 0, user: 0, channel }
  return { alertId, at: 0, evidenceId: `failed.${channel}`, evidence: { kind: 'outcome', step, state: 'rejected' } }
}

const never = () => Promise.reject(new Error('not in this test'))
const timersOf = async () => (await steps.getDelayed()).map(({ data }) => data)
const jobsOf = async () =>
  (await messages.getJobs(['prioritized', 'waiting'])).map(({ data }) => String(data.to)).sort()

it('two replicas that hear the same move an alert by one step, with one message and one timer', async () => {
  const replicas = [startReplica(), startReplica()]
  for (let race = 0; race < 10; race += 1) {
    await redis.flush()
    await Promise.all(replicas.map(({ walker }) => walker.begin(request('alert-race'))))
    await Promise.all([...replicas, ...replicas].map(({ walker }) => walker.attention(failed('alert-race', 0))))
    const alert = await replicas[0]!.alerts.get('alert-race')
    expect(alert?.step).toEqual({ round: 0, user: 0, channel: 1 })
    expect(alert?.timeline.map(({ event }) => event)).toEqual(['started', 'contacting', 'failed', 'contacting'])
    expect(await timersOf()).toEqual([{ alertId: 'alert-race', round: 0, user: 0, channel: 1 }])
    expect(await jobsOf()).toEqual(['447700900011', '447700900012'])
  }
})

it('attention and a deadline at the same moment: attention wins in the end, and no timer is left', async () => {
  const { walker, alerts, reconcileAt } = startReplica()
  for (let race = 0; race < 10; race += 1) {
    const id = `alert-end${race}`
    await walker.begin(request(id))
    const link: AlertAttention = { alertId: id, at: 0, evidenceId: 'link', evidence: { kind: 'link', user: 0 } }
    await Promise.all([walker.attention(failed(id, 0)), walker.attention(link), walker.attention(failed(id, 0))])
    expect((await alerts.get(id))?.state).toBe('attended')
    const walking = () => reconcileAt(Date.now()).then(() => alerts.walking(0, 10))
    await expect.poll(walking).not.toContain(id)
  }
  // One that lost the race may have left a timer: it finds nothing to do.
  for (const timer of await timersOf()) await walker.step(timer)
  expect(await alerts.alertsOf({ channel: 'sms', address: '447700900012' })).toEqual([])
})

it('a step whose delayed job was removed by hand is taken all the same, 5 s after its time', async () => {
  const { walker, reconcileAt, rescues, alerts } = startReplica()
  await walker.begin(request('alert-lost'))
  const [job] = await steps.getDelayed()
  const { dueAt } = (await alerts.get('alert-lost'))!
  await job!.remove()
  await reconcileAt(dueAt + 4_000)
  expect(rescues()).toBe(0)
  await reconcileAt(dueAt + 5_000)
  await reconcileAt(dueAt + 6_000)
  expect(rescues()).toBe(1)
  expect((await timersOf()).map(({ channel }) => channel)).toEqual([1])
  expect(await jobsOf()).toHaveLength(2)
})

it('contacts find their alerts while these walk, and not afterwards', async () => {
  const { walker, alerts } = startReplica()
  for (const id of ['alert-a', 'alert-b']) await walker.begin(request(id))
  await walker.attention(failed('alert-a', 0))
  expect((await alerts.alertsOf(tony)).toSorted()).toEqual(['alert-a', 'alert-b'])
  await walker.attention({ alertId: 'alert-a', at: 0, evidenceId: 'x', evidence: { kind: 'reply', contact: tony } })
  expect(await alerts.alertsOf(tony)).toEqual(['alert-b'])
  expect((await alerts.get('alert-a'))?.attendedBy).toMatchObject({ user: 'Tony', how: 'reply' })
})

it('alerts of one policy share its plan, and are listed: those that walk first, then the others, page by page', async () => {
  const { walker, alerts } = startReplica()
  const ids = ['alert-1', 'alert-2', 'alert-3', 'alert-4']
  for (const [index, id] of ids.entries()) await walker.begin({ ...request(id), createdAt: index })
  for (const id of ['alert-1', 'alert-3']) {
    await walker.attention({ alertId: id, at: 0, evidenceId: 'c', evidence: { kind: 'cancel', reason: 'test' } })
  }
  expect(await redis.client.keys('sb:alert-plan:*')).toHaveLength(1)
  const expected = ['alert-2', 'alert-4', 'alert-3', 'alert-1']
  expect(await alerts.recent(0, 10)).toEqual(expected)
  expect(await Promise.all([0, 1, 2, 3, 4].map(async (at) => (await alerts.recent(at, 1))[0]))).toEqual([
    ...expected,
    undefined,
  ])
  expect(await alerts.recent(1, 2)).toEqual(['alert-4', 'alert-3'])
  for (const key of await redis.client.keys('sb:alert:*')) expect(await redis.client.ttl(key)).toBeGreaterThan(0)
})

it('a record is read as it was written', async () => {
  const { walker, alerts } = startReplica()
  await walker.begin(request('alert-same'))
  await walker.attention(failed('alert-same', 0))
  const alert = await alerts.get('alert-same')
  const change = await alerts.change('alert-same', (current) => current && { ...current, resends: 1, resendAt: 5 }, {
    known: alert,
  })
  expect(change.before).toEqual(alert)
  expect(await alerts.get('alert-same')).toEqual({ ...alert, resends: 1, resendAt: 5 })
})
