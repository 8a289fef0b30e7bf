import { auditEntry, auditEntryQueue, contactId, outboundQueues, switchboardConfig } from '@switchboard/contracts'
import type { Contact, SubscriptionRequest } from '@switchboard/contracts'
import { createOutbox, createProducer, queuePrefix } from '@switchboard/queue'
import { createFeedValues, createSignups, createSubscriptions } from '@switchboard/store'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createSubscriptionHandler } from '../../services/subscriptions/src/handler.ts'
import { createSubscriptionWorkflow } from '../../services/subscriptions/src/subscription-workflow.ts'
import { crashEverywhere } from '../support/crash-everywhere.ts'
import { keepSignup } from '../support/keep-record.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { subscribe } from '../support/subscribe.ts'

const START = Date.now()
const topics = ['MSFT', 'GOOGL', 'AAPL']
const settings = switchboardConfig.parse({
  feeds: Object.fromEntries(topics.map((topic) => [topic, { source: 'push', everySeconds: 60 }])),
})
const ada: Contact = { channel: 'sms', address: '447700900010' }
const adaId = contactId(ada)
const none = () => undefined

let redis: TestRedis
let cleanup: AsyncDisposableStack
let messages: Queue
let trail: Queue
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
  messages = openQueue(outboundQueues.sms)
  trail = openQueue(auditEntryQueue)
})
beforeEach(() => redis.flush())
afterAll(() => cleanup.disposeAsync())

function openQueue({ name }: { name: string }): Queue {
  const queue = new Queue(name, { connection: redis.client, prefix: queuePrefix(name) })
  cleanup.defer(() => queue.close())
  return queue
}

/** The subscriptions service, so many seconds after the start. */
function open(client: Redis, stack: AsyncDisposableStack, seconds = 0) {
  const errors: object[] = []
  const deps = {
    subscriptions: createSubscriptions(client),
    feedValues: createFeedValues(client),
    signups: createSignups(client),
    link: (answer: string, { id }: { id: string }) => `https://example.org/${answer}/${id}`,
    send: stack.use(createOutbox(client)).send,
    trail: stack.use(createProducer(auditEntryQueue, client)),
    settings,
    now: () => START + seconds * 1_000,
    log: { info: none, warn: none, error: (fields: object) => void errors.push(fields) },
  }
  const workflow = createSubscriptionWorkflow(deps)
  const handle = createSubscriptionHandler({ ...deps, workflow })
  return { handle, workflow, errors, subscriptions: deps.subscriptions }
}
const handling = (wish: SubscriptionRequest) => (client: Redis, stack: AsyncDisposableStack) =>
  open(client, stack).handle(wish)
const service = (seconds = 0) => open(redis.client, cleanup, seconds)

function request(topic: string | null, at: number, contact = ada): SubscriptionRequest {
  return {
    id: `sub-${topic}-${at}`,
    contact,
    action: topic === null ? { kind: 'unsubscribe' } : { kind: 'subscribe', topic },
    source: 'text',
    sentAt: START + at,
    receivedAt: START + at,
  }
}

const servedBy = async (contact = adaId) => {
  const subscriptions = createSubscriptions(redis.client)
  const pages = await Promise.all(topics.map((topic) => subscriptions.page(topic, '', 100)))
  return topics.filter((_, index) => pages[index]?.includes(contact))
}
const texts = async () => (await messages.getJobs(['prioritized', 'waiting'])).map(({ data }) => String(data.text))

const traces = async () => {
  const entries = (await trail.getJobs(['prioritized', 'waiting'])).map(({ data }) => auditEntry.parse(data))
  return entries.toSorted((a, b) => a.at - b.at).map(({ action, target, detail }) => [action, target, detail])
}

it.each([
  { name: 'a subscription', act: request('MSFT', 2) },
  { name: 'a switch', prepare: request('GOOGL', 1), act: request('MSFT', 2) },
  { name: 'the same topic again', prepare: request('MSFT', 1), act: request('MSFT', 2) },
  { name: 'an end', prepare: request('MSFT', 1), act: request(null, 2) },
])(
  '$name: a crash before any command leaves nobody confirmed, or in the trail, who is not served',
  async ({ prepare, act }) => {
    await crashEverywhere(redis, {
      ...(prepare ? { prepare: handling(prepare) } : {}),
      act: handling(act),
      reconcile: (client, stack) => open(client, stack, 6).workflow.reconcile(),
    })
  },
)

it('confirms with the value of now, once for each time somebody asks', async () => {
  const { handle } = service()
  await handle(request('MSFT', 1))
  await handle(request('MSFT', 1))
  expect(await texts()).toEqual(['You now receive MSFT updates here. Reply STOP to end.'])
  await redis.client.set('sb:feed-value:MSFT', JSON.stringify({ value: '$& {topic}', tick: 1 }))
  await handle(request('MSFT', 2))
  expect((await texts()).toSorted()[0]).toBe(
    'You now receive MSFT updates here. Current value: $& {topic}. Reply STOP to end.',
  )
})

it('what is said by text is in the trail, once for each time, without the number; what is done elsewhere has its entry there', async () => {
  const { handle } = service()
  for (const each of [
    request('MSFT', 1),
    request('MSFT', 1),
    request('GOOGL', 2),
    request(null, 3),
    request(null, 4),
  ]) {
    await handle(each)
  }
  await handle({ ...request('AAPL', 5), source: 'signup' })
  await handle({ ...request(null, 6), source: 'operator' })
  const who = 'sms …0010'
  expect(await traces()).toEqual([
    ['subscription.begin', 'MSFT', who],
    ['subscription.begin', 'GOOGL', who],
    ['subscription.end', 'GOOGL', who],
  ])
})

it('says how to end updates by link where replies cannot reach us', async () => {
  const viber: Contact = { channel: 'viber_service', address: ada.address }
  const times = { createdAt: START, expiresAt: START + 60_000, turns: 1 }
  const signup = { id: 's1', contact: viber, topic: 'MSFT', state: 'confirmed', ...times } as const
  await keepSignup(createSignups(redis.client), signup)
  await service().handle({ ...request('MSFT', 1, viber), source: 'signup' })
  const [job] = await openQueue(outboundQueues.viber_service).getJobs(['prioritized', 'waiting'])
  expect(job?.data.text).toBe('You now receive MSFT updates here. To end them: https://example.org/decline/s1')
})

it('says nothing of an end, of a topic that is gone, and to whom a newer wish has overtaken', async () => {
  const { handle } = service()
  await handle(request(null, 5))
  await handle(request('MSFT', 4))
  await handle(request('GONE', 6))
  expect(await texts()).toEqual([])
  expect(await servedBy()).toEqual([])
})

it('texting again gives a subscriber back the place that somebody lost', async () => {
  const { handle } = service()
  await handle(request('MSFT', 1))
  await redis.client.del('sb:subscribers:MSFT')
  await handle(request('MSFT', 2))
  expect(await servedBy()).toEqual(['MSFT'])
})

it('gives them back without anybody texting, and confirms nothing a second time', async () => {
  const { workflow } = service()
  // As an older version left it: a record whose place among the subscribers was never written, years ago.
  const old = { topic: 'MSFT', sentAt: 1, receivedAt: 1, causeId: 'in-1', previous: null }
  await redis.client.set(`sb:subscription:${adaId}`, JSON.stringify(old))
  await subscribe(redis.client, { ...ada, address: '447700900011' }, 'GOOGL')
  await workflow.sweep.run()
  await workflow.reconcile()
  expect([await servedBy(), await servedBy('sms.447700900011')]).toEqual([['MSFT'], ['GOOGL']])
  expect(await texts()).toEqual([])
  expect(await redis.client.zcard('sb:due:subscriptions')).toBe(0)
})

it('serves what the record says, however many switches of a contact meet on two replicas', async () => {
  const other = redis.client.duplicate()
  cleanup.defer(() => other.disconnect())
  const replicas = [service(), open(other, cleanup)] as const
  for (let round = 0; round < 25; round += 1) {
    const contact: Contact = { channel: 'sms', address: `4477009${10_000 + round}` }
    const wishes = Array.from({ length: 8 }, (_, at) => [...topics, null][(at + round) % 4] ?? null)
    await Promise.all(wishes.map((topic, at) => replicas[at % 2 === 0 ? 0 : 1].handle(request(topic, at, contact))))
    const record = await replicas[0].subscriptions.get(contact)
    const expected = topics.filter((topic) => topic === record?.topic)
    await expect
      .poll(() =>
        service(1)
          .workflow.reconcile()
          .then(() => servedBy(contactId(contact))),
      )
      .toEqual(expected)
  }
})
