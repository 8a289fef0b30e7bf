import { alertAttentionQueue, alertBundleQueue, outboundQueues } from '@switchboard/contracts'
import { bundle as bundleSchema, outboundMessage, planOf, policy, switchboardConfig } from '@switchboard/contracts'
import type { AlertRequest, Bundle, Contact, MessageState } from '@switchboard/contracts'
import { queuePrefix } from '@switchboard/queue'
import {
  createAlerts,
  createBundles,
  createCallerWorkflows,
  createLateReplies,
  createLedger,
  createSenders,
} from '@switchboard/store'
import { NotAcceptedError } from '@switchboard/vonage'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { findAlerts } from '../../services/inbound-router/src/find-alerts.ts'
import { alertServices } from '../support/alert-services.ts'
import type { Sent } from '../support/alert-services.ts'
import { withClient } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const START = Date.now()
const tony: Contact = { channel: 'sms', address: '447700900011' }
const settings = switchboardConfig.parse({ senders: { sms: '447700900000' }, rates: { sms: 1_000 } })
const none = () => undefined
const plan = planOf(
  policy.parse({
    announce: true,
    users: [
      {
        name: 'Tony',
        channels: ['447700900011', '447700900012'].map((id_num) => ({ type: 'sms', id_num, expiry_time: 120 })),
      },
    ],
  }),
)

let redis: TestRedis
const queues = new Map<string, Queue>()
beforeAll(async () => {
  redis = await openTestRedis()
  for (const { name } of [outboundQueues.sms, alertBundleQueue, alertAttentionQueue])
    queues.set(name, new Queue(name, { connection: redis.client, prefix: queuePrefix(name) }))
})
beforeEach(() => redis.flush())
afterAll(async () => {
  await Promise.all([...queues.values()].map((queue) => queue.close()))
  await redis[Symbol.asyncDispose]()
})

type Answer = (message: Sent) => Error | undefined

/** So many seconds after the start. */
const services = (seconds: number, sent: Sent[], answer?: Answer) =>
  alertServices({ now: () => START + seconds * 1_000, settings, sent, answer })
type Services = ReturnType<ReturnType<typeof services>>

/** Does something at a second, with a connection of its own. */
function at(
  seconds: number,
  sent: Sent[],
  act: (world: Services) => Promise<unknown>,
  answer?: (message: Sent) => Error | undefined,
) {
  const open = services(seconds, sent, answer)
  return withClient(redis.url, Infinity, (client, stack) => act(open(client, stack)))
}

const ids = Array.from({ length: 30 }, (_, index) => `alert-${index + 1}`)
const request = (id: string): AlertRequest => ({ id, text: `${id} is down`, plan, createdAt: START })
const begin = (sent: Sent[]) =>
  at(0, sent, async ({ walker }) => {
    await walker.begin(request('alert-1'))
    await Promise.all(ids.slice(1).map((id) => walker.begin(request(id))))
  })
const handOver = (seconds: number, sent: Sent[]) =>
  at(seconds, sent, async ({ bundling }) => bundling.due({ personId: 'tel.447700900011', bundleId: '', at: 0 }))

async function jobsOf(name: string): Promise<unknown[]> {
  const jobs = (await queues.get(name)?.getJobs(['prioritized', 'waiting', 'delayed'])) ?? []
  await Promise.all(jobs.map((job) => job.remove()))
  return jobs.map(({ data }): unknown => data)
}
const bundlesWaiting = async (): Promise<Bundle[]> =>
  (await jobsOf('alert-bundle')).map((data) => bundleSchema.parse(data))

/** Works what waits: messages, bundles, and what became of them. */
async function workAt(seconds: number, sent: Sent[], answer?: (message: Sent) => Error | undefined): Promise<void> {
  for (const data of await jobsOf('outbound-sms'))
    await at(seconds, sent, ({ send }) => send(outboundMessage.parse(data)).catch(none), answer)
  for (const bundle of await bundlesWaiting())
    await at(seconds, sent, ({ sendBundle }) => sendBundle(bundle).catch(none), answer)
  for (const data of await jobsOf('alert-attention'))
    await at(seconds, sent, ({ walker }) => walker.attention(alertAttentionQueue.schema.parse(data)))
}

const codesOf = async () => {
  const alerts = await Promise.all(ids.map((id) => createAlerts(redis.client).get(id)))
  return new Map(alerts.map((alert) => [alert?.id ?? '', alert?.code ?? '']))
}
const statesOf = async () => {
  const alerts = await Promise.all(ids.map((id) => createAlerts(redis.client).get(id)))
  return [...new Set(alerts.map((alert) => alert?.state))]
}
const openAlertsOf = async (contact: Contact) => {
  const sources = {
    alerts: createAlerts(redis.client),
    lateReplies: createLateReplies(redis.client),
    callerWorkflows: createCallerWorkflows(redis.client),
    now: Date.now,
  }
  return (await findAlerts(contact, undefined, sources)).openAlerts.map(({ id }) => id)
}

it('30 alerts at once are two messages; a reply finds those that were sent, and their ends are one message more', async () => {
  const sent: Sent[] = []
  await begin(sent)
  await workAt(0, sent)
  expect(sent.map(({ text }) => text)).toEqual([expect.stringContaining('alert-1 is down')])
  // Nobody answers what they have not been told.
  expect(await openAlertsOf(tony)).toEqual(['alert-1'])
  await handOver(9, sent)
  expect(await bundlesWaiting()).toEqual([])
  await handOver(10, sent)
  await workAt(10, sent)
  expect(sent).toHaveLength(2)
  const codes = await codesOf()
  for (const id of ids.slice(1)) expect(sent[1]?.text).toMatch(new RegExp(`\\b${codes.get(id)}\\b`))
  expect(new Set(await openAlertsOf(tony))).toEqual(new Set(ids))
  expect(await createBundles(redis.client).records.due.positions(['tel.447700900011'])).toEqual([undefined])

  await at(20, sent, async ({ walker }) => {
    for (const alertId of ids) {
      const evidence = { kind: 'reply' as const, contact: tony }
      await walker.attention({ alertId, at: START, evidenceId: 'in-1', evidence })
    }
  })
  expect(await statesOf()).toEqual(['attended'])
  await handOver(31, sent)
  await workAt(31, sent)
  // The answer is news of its own; the first leaves alone, the others together.
  expect(sent.slice(2).map(({ text }) => text.split(':')[0])).toEqual(['You have it', 'Tony has it'])
  for (const code of [...codes.values()].slice(1)) expect(sent[3]?.text).toMatch(new RegExp(`\\b${code}\\b`))
})

it('it is written from what is open when it is sent', async () => {
  const sent: Sent[] = []
  await begin(sent)
  await handOver(10, sent)
  await at(11, sent, ({ walker }) =>
    walker.attention({
      alertId: 'alert-2',
      at: START,
      evidenceId: 'x',
      evidence: { kind: 'cancel', reason: 'mended' },
    }),
  )
  await workAt(12, sent)
  const codes = await codesOf()
  const bundle = sent.find(({ text }) => text.includes(' alerts:'))
  expect(bundle?.text).toMatch(/^28 alerts/)
  expect(bundle?.text).not.toMatch(new RegExp(`\\b${codes.get('alert-2')}\\b`))
})

const cancel = (alertId: string) => ({
  alertId,
  at: START,
  evidenceId: 'x',
  evidence: { kind: 'cancel' as const, reason: 'mended' },
})

it('whoever has not heard of an alert is not told that it is over', async () => {
  const sent: Sent[] = []
  await at(0, sent, async ({ walker }) => {
    for (const id of ids.slice(0, 3)) await walker.begin(request(id))
  })
  await workAt(0, sent)
  // The first has left; the second waits in a bundle, the third leaves in it.
  await at(5, sent, async ({ walker }) => {
    for (const id of ids.slice(0, 2)) await walker.attention(cancel(id))
  })
  await workAt(5, sent)
  await handOver(10, sent)
  await workAt(10, sent)
  await at(20, sent, ({ walker }) => walker.attention(cancel('alert-3')))
  await handOver(31, sent)
  await workAt(31, sent)
  const codes = await codesOf()
  const tellsOf = (id: string) =>
    sent.filter(({ text }) => text.includes(`${id} is down`) || new RegExp(`\\b${codes.get(id)}\\b`).test(text)).length
  // Of the news, and of the end.
  expect(['alert-1', 'alert-2', 'alert-3'].map(tellsOf)).toEqual([2, 0, 2])
})

it.each<[MessageState, string]>([
  ['delivered', 'delivered'],
  ['undeliverable', 'failed'],
  ['read', 'attended'],
])('what becomes of it becomes of each: %s', async (state, event) => {
  const sent: Sent[] = []
  await begin(sent)
  await workAt(0, sent)
  await handOver(10, sent)
  await workAt(10, sent)
  const messageUuid = `uuid-${sent[1]?.id}`
  await at(11, sent, async ({ status }) => {
    if (state !== 'delivered' && state !== 'undeliverable' && state !== 'read') return
    await status({ kind: 'message', messageUuid, state, at: START, receivedAt: START })
  })
  await workAt(12, sent)
  for (const id of ids.slice(1)) {
    const alert = await createAlerts(redis.client).get(id)
    expect(alert?.timeline.map((entry) => entry.event)).toContain(event)
  }
  expect((await createAlerts(redis.client).get('alert-1'))?.timeline).toHaveLength(2)
})

const refused = ({ text }: Sent) =>
  text.startsWith('29 alerts')
    ? new NotAcceptedError({ kind: 'refused', code: '1120', reason: 'bad number' })
    : undefined

it('refused by Vonage, each of its alerts goes on at once; from a held sender, each is passed over', async () => {
  for (const why of ['refused', 'held'] as const) {
    await redis.flush()
    const sent: Sent[] = []
    await begin(sent)
    await workAt(0, sent)
    await handOver(10, sent)
    if (why === 'held') {
      const senders = createSenders(redis.client)
      for (const recipient of ['one', 'another']) {
        const answer = { kind: 'account' as const, recipient, code: '402', reason: 'no credit' }
        await senders.answered({ channel: 'sms', sender: '447700900000' }, answer, START)
      }
    }
    await workAt(10, sent, refused)
    for (const id of ids.slice(1)) {
      const alert = await createAlerts(redis.client).get(id)
      expect(alert?.timeline.map(({ event }) => event)).toContain(why === 'held' ? 'passed-over' : 'failed')
      expect(alert?.step.channel).toBe(1)
      expect(alert?.passedOver ?? []).toHaveLength(why === 'held' ? 1 : 0)
    }
    expect(sent).toHaveLength(why === 'held' ? 1 : 2)
  }
})

const silent = ({ text }: Sent) =>
  text.startsWith('29 alerts') ? new NotAcceptedError({ kind: 'unknown', reason: 'no answer' }) : undefined

it('of unknown outcome it is sent once more, as one message', async () => {
  const sent: Sent[] = []
  await begin(sent)
  await workAt(0, sent)
  await handOver(10, sent)
  await workAt(10, sent, silent)
  await at(41, sent, async ({ walker }) => {
    for (const alertId of ids.slice(1)) await walker.step({ kind: 'resend', alertId, round: 0, user: 0, channel: 0 })
  })
  await handOver(51, sent)
  await workAt(51, sent, silent)
  expect(sent.map(({ text }) => text.split(':')[0])).toEqual([
    expect.stringContaining('alert-1 is down'),
    '29 alerts',
    '29 alerts',
  ])
  expect(new Set(sent.map(({ id }) => id)).size).toBe(3)
  await at(91, sent, async ({ walker }) => {
    for (const alertId of ids) await walker.step({ kind: 'resend', alertId, round: 0, user: 0, channel: 0 })
  })
  await handOver(101, sent)
  await workAt(101, sent)
  expect(sent).toHaveLength(3)
})

it('whatever the sender dies before, no alert is told twice in it, and each walk hears what became of its message', async () => {
  const prepared: Sent[] = []
  let crashes = 0
  for (let didDie = true; didDie; crashes += 1) {
    await redis.flush()
    await at(0, prepared, async ({ walker }) => {
      for (const id of ids.slice(0, 3)) await walker.begin(request(id))
    })
    await handOver(10, prepared)
    const [bundle] = await bundlesWaiting()
    if (!bundle) throw new Error('There is no bundle')
    const sent: Sent[] = []
    const open = services(10, sent)
    const sends = (commands: number) =>
      withClient(redis.url, commands, (client, stack) => open(client, stack).sendBundle(bundle))
    didDie = await sends(crashes)
    // The job runs again, and once more.
    for (const commands of [Infinity, Infinity]) await sends(commands)
    const hint = `dead before command ${crashes + 1}`
    expect(sent.length, hint).toBeLessThanOrEqual(1)
    // And nobody sends one of them alone any more.
    const ledger = createLedger(redis.client)
    const states = await Promise.all(bundle.members.map(({ id }) => ledger.stateOf(id)))
    const state = (await ledger.get(bundle.id))?.state
    expect(states, hint).toEqual(bundle.members.map(() => state))
    const told = (await jobsOf('alert-attention')).map((data) => alertAttentionQueue.schema.parse(data).alertId)
    if (state === 'unknown') expect(told.toSorted(), hint).toEqual(['alert-2', 'alert-3'])
    else expect([state, sent.length], hint).toEqual(['accepted', 1])
  }
  expect(crashes).toBeGreaterThan(10)
})
