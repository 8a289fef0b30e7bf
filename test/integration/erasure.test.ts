import { inboundMessageQueue, outboundQueues, unrecognisedWebhookQueue } from '@switchboard/contracts'
import type { OutboundMessage } from '@switchboard/contracts'
import { createJobEraser, createProducer, startWorker } from '@switchboard/queue'
import {
  createConsent,
  createErasure,
  createFollowUps,
  createCallerWorkflows,
  createInbound,
  createLedger,
  createNotifications,
  createPersonNames,
  createReplyGuard,
  createSignups,
} from '@switchboard/store'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { eventually } from '../support/eventually.ts'
import { keepNotification, keepSignup } from '../support/keep-record.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { subscribe } from '../support/subscribe.ts'

const NOW = Date.now()
const ADDRESS = '447700900987'
const OTHER = '447700900988'

let redis: TestRedis
beforeAll(async () => {
  redis = await openTestRedis()
})
beforeEach(() => redis.flush())
afterAll(() => redis[Symbol.asyncDispose]())

/** Everything in the database that still names the person: keys, and what they hold. */
async function traces(address: string): Promise<string[]> {
  const found: string[] = []
  for (const key of await redis.client.keys('*')) {
    if (key.includes(address) || JSON.stringify(await dump(key)).includes(address)) found.push(key)
  }
  return found
}

async function dump(key: string): Promise<unknown> {
  switch (await redis.client.type(key)) {
    case 'string':
      return redis.client.get(key)
    case 'hash':
      return redis.client.hgetall(key)
    case 'list':
      return redis.client.lrange(key, 0, -1)
    case 'set':
      return redis.client.smembers(key)
    case 'zset':
      return redis.client.zrange(key, '0', '-1')
    case 'stream':
      return redis.client.xrange(key, '-', '+')
    default:
      return ''
  }
}

/** A person on record everywhere, with jobs in every state. */
async function fill(address: string): Promise<void> {
  const contact = { channel: 'sms', address } as const
  const person = `tel.${address}`
  const event = { sentAt: NOW, receivedAt: NOW, source: 'text', channel: 'sms' } as const
  await createConsent(redis.client).record(person, { ...event, state: 'out', words: 'STOP', causeId: `c-${address}` })
  await createPersonNames(redis.client).set(person, 'Zoë')
  await subscribe(redis.client, contact, 'MSFT', NOW)
  const ledger = createLedger(redis.client)
  for (const purpose of ['feed', 'reply', 'notification'] as const) {
    await ledger.claim(messageTo(address, purpose), NOW)
    await ledger.record(`${purpose}-${address.at(-1)}`, { state: 'accepted', at: NOW, uuids: [`u-${purpose}`] })
  }
  await ledger.refuse(messageTo(address, 'reply', 'refused'), { state: 'suppressed', at: NOW, reason: 'opted-out' })
  const parked = { kind: 'message', messageUuid: 'p1', to: address, state: 'read', at: NOW, receivedAt: NOW } as const
  await ledger.park(parked, parked.messageUuid)
  const inbound = createInbound(redis.client)
  await inbound.openWindow(contact, NOW, NOW)
  const part = { reference: '7', total: 2, number: 1 }
  const received = { kind: 'text', text: 'a', sentAt: NOW, receivedAt: NOW, part } as const
  await inbound.addPart({ ...received, id: `in-${address}`, channel: 'sms', from: address, to: '447700900000' })
  const { part: _part, ...picture } = { ...received, kind: 'image', text: null }
  const media = { url: `https://api-us.nexmo.com/v3/media/${address}`, expiresAt: NOW + 1 }
  await inbound.keep({ ...picture, media, id: `pic-${address}`, channel: 'sms', from: address, to: '44' }, 'help')
  await createCallerWorkflows(redis.client).reached(contact, `caller-${address}`)
  await createReplyGuard(redis.client).allows(contact, 'm', NOW)
  await fillWorkflows(address)
  await fillQueues(address)
}

async function fillWorkflows(address: string): Promise<void> {
  const contact = { channel: 'sms', address } as const
  const id = `n-${address.at(-1)}`
  const notifications = createNotifications(redis.client)
  const texts = { acknowledgement: 'a', askAgain: 'b', handedOver: 'c', tooLate: 'd' }
  const notification = await keepNotification(notifications, {
    id,
    name: 'delivery',
    contact,
    text: 'Reply 1',
    variables: {},
    options: { '1': 'yes' },
    texts,
    warnings: [],
    createdAt: NOW,
    expiresAt: NOW + 60_000,
    needsPerson: false,
    replies: [],
  })
  await notifications.ask(notification)
  const question = { topic: 'MSFT', state: 'asked', turns: 0, createdAt: NOW, expiresAt: NOW + 60_000 } as const
  await keepSignup(createSignups(redis.client), { ...question, id: `s-${address.at(-1)}`, contact })
  const wish = { kind: 'opt-out-wish', text: 'please stop', createdAt: NOW } as const
  await createFollowUps(redis.client).add({ ...wish, id: `f-${address.at(-1)}`, contact })
}

async function fillQueues(address: string): Promise<void> {
  const out = createProducer(outboundQueues.sms, redis.client)
  await out.enqueue(messageTo(address, 'feed', 'waiting'))
  await out.enqueue(messageTo(address, 'reply', 'delayed'), { delayMs: 60_000 })
  const inbound = createProducer(inboundMessageQueue, redis.client)
  const received = {
    channel: 'sms',
    to: '447700900000',
    kind: 'text',
    text: 'hi',
    sentAt: NOW,
    receivedAt: NOW,
  } as const
  await inbound.enqueue({ ...received, id: `j-${address}`, from: address })
  const webhooks = createProducer(unrecognisedWebhookQueue, redis.client)
  const raw = { route: '/update', method: 'GET', contentType: '', problem: 'x', receivedAt: NOW }
  await webhooks.enqueue({ ...raw, id: `w-${address.at(-1)}`, body: `msisdn=${address}&text=1` })
  for (const producer of [out, inbound, webhooks]) await producer[Symbol.asyncDispose]()
}

function messageTo(to: string, purpose: OutboundMessage['purpose'], name: string = purpose): OutboundMessage {
  return { id: `${name}-${to.at(-1)}`, channel: 'sms', to, text: 'a', purpose, createdAt: NOW }
}

async function erase(address: string): Promise<void> {
  const contacts = (['sms', 'whatsapp', 'viber_service'] as const).map((channel) => ({ channel, address }))
  await using jobs = createJobEraser(redis.client)
  await jobs.erase(contacts)
  await createErasure(redis.client).erase(contacts, ['MSFT', 'GOOGL'], NOW)
}

test('erasing removes a person from every record, index and queue, and nobody else', async () => {
  await fill(ADDRESS)
  const alone = await traces(ADDRESS)
  await fill(OTHER)
  expect(alone.length).toBeGreaterThan(15)
  await erase(ADDRESS)
  // Events of a queue name jobs, not people; our ids of jobs are digests.
  expect((await traces(ADDRESS)).filter((key) => !key.endsWith(':events'))).toEqual([])
  expect((await traces(OTHER)).length).toBe(alone.length)
})

test('the opt-out outlives the erasure as a hash; opting in again ends it, also when erased again', async () => {
  await fill(ADDRESS)
  await erase(ADDRESS)
  const consent = createConsent(redis.client)
  expect(await consent.isOptedOut(`tel.${ADDRESS}`)).toBe(true)
  expect(await consent.isOptedOut(`tel.${OTHER}`)).toBe(false)
  // Another process has the same key.
  expect(await createConsent(redis.client).isOptedOut(`tel.${ADDRESS}`)).toBe(true)
  const start = { state: 'in', source: 'text', sentAt: NOW + 1, receivedAt: NOW + 1, causeId: 'start' } as const
  expect(await consent.record(`tel.${ADDRESS}`, start)).toBe(true)
  expect(await consent.isOptedOut(`tel.${ADDRESS}`)).toBe(false)
  await erase(ADDRESS)
  expect(await consent.isOptedOut(`tel.${ADDRESS}`)).toBe(false)
})

test('a job that is running is left to end, and taken by the second round', async () => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const started = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  await using cleanup = new AsyncDisposableStack()
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
  cleanup.defer(() => connection.disconnect())
  await using producer = createProducer(outboundQueues.sms, redis.client)
  const work = async (message: OutboundMessage) => {
    started.resolve()
    await ended.promise
    // What the sender does at the end of a message that was on its way.
    await createLedger(redis.client).claim(message, NOW)
  }
  cleanup.use(startWorker(outboundQueues.sms, work, { redis: connection, log }))
  // A test that fails must not wait for its own worker.
  await using letGo = new AsyncDisposableStack()
  letGo.defer(() => ended.resolve())
  await producer.enqueue(messageTo(ADDRESS, 'reply', 'running'))
  await started.promise
  await erase(ADDRESS)
  expect(await traces(ADDRESS)).not.toEqual([])
  ended.resolve()
  await eventually(async () => expect(await producer.isPending(`running-${ADDRESS.at(-1)}`)).toBe(false))
  await erase(ADDRESS)
  expect(await traces(ADDRESS)).toEqual([])
})
