import {
  messagesOf,
  outboundQueues,
  packId,
  packQueues,
  RateLimitedError,
  switchboardConfig,
} from '@switchboard/contracts'
import type { MessagePack, OutboundMessage } from '@switchboard/contracts'
import { createJobEraser, createOutbox, createPackOutbox, queuePrefix } from '@switchboard/queue'
import {
  createConsent,
  createErasure,
  createFeedValues,
  createInbound,
  createLedger,
  createLines,
  createReplyGuard,
  createSenderRate,
  createSenders,
  createSubscriptions,
  createWaitingCalls,
} from '@switchboard/store'
import { NotAcceptedError } from '@switchboard/vonage'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'

import { createPackSender } from '../../services/outbound/src/pack-sender.ts'
import { createStatusHandler } from '../../services/outbound/src/status-handler.ts'
import { withClient } from '../support/crash-everywhere.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { subscribe } from '../support/subscribe.ts'

const NOW = Date.now()
const numbers = Array.from({ length: 12 }, (_, index) => String(447_700_900_100 + index))
const pack: MessagePack = {
  id: packId('NEWS', NOW),
  channel: 'sms',
  to: numbers,
  text: 'an update',
  createdAt: NOW,
  expiresAt: NOW + 600_000,
  about: { kind: 'feed', topic: 'NEWS', tick: NOW },
}
const none = () => undefined
const messageTo = (index: number) => `${pack.id}.${index}`
const log = { info: none, warn: none, error: none }

let redis: TestRedis
let cleanup: AsyncDisposableStack
let alone: Queue
beforeAll(async () => {
  cleanup = new AsyncDisposableStack()
  redis = cleanup.use(await openTestRedis())
  const { name } = outboundQueues.sms
  alone = new Queue(name, { connection: redis.client, prefix: queuePrefix(name) })
  cleanup.defer(() => alone.close())
})
beforeEach(async () => {
  await redis.flush()
  await Promise.all(numbers.map((address) => subscribe(redis.client, { channel: 'sms', address }, 'NEWS')))
})
afterAll(() => cleanup.disposeAsync())

/** A Vonage that remembers whom it was asked to send to, and may say no. */
function vonage(answer: (message: OutboundMessage) => Error | undefined = none) {
  const asked: string[] = []
  return {
    asked,
    async send(message: OutboundMessage) {
      asked.push(message.to)
      await new Promise((resolve) => void setTimeout(resolve, Number(message.to) % 3))
      const error = answer(message)
      if (error) throw error
      return { messageUuids: [`uuid-${message.to}`], parts: 1 }
    },
  }
}

interface Setting {
  rate?: number
  concurrency?: number
  now?: number
}

function open(
  client: Redis,
  stack: AsyncDisposableStack,
  provider: ReturnType<typeof vonage>,
  { rate = 1_000, concurrency = 5, now = NOW + 1 }: Setting = {},
) {
  const ledger = createLedger(client)
  const consent = createConsent(client)
  const outbox = stack.use(createOutbox(client))
  const settings = switchboardConfig.parse({ senders: { sms: '447700900000' }, rates: { sms: rate } })
  const status = createStatusHandler({
    outbox,
    settings,
    ledger,
    endConsent: async () => expect.fail('nobody opts out'),
    reportStatus: async () => undefined,
    workflowStatus: async () => false,
    log,
    count: none,
  })
  const send = createPackSender({
    vonage: provider,
    ledger,
    callCeiling: { take: async () => true },
    consent,
    senders: createSenders(client),
    rate: createSenderRate(client),
    lines: createLines(client),
    waitingCalls: createWaitingCalls(client),
    replyGuard: createReplyGuard(client),
    subscriptions: createSubscriptions(client),
    feedValues: createFeedValues(client),
    inbound: createInbound(client),
    settings,
    limitReached: async () => undefined,
    isAlertOpen: async () => true,
    applyStatus: async () => undefined,
    report: async () => undefined,
    random: () => 0.5,
    now: () => now,
    count: none,
    log,
    isUrgent: outbox.isUrgent,
    sendAlone: outbox.sendMany,
    concurrency,
  })
  return { send, status, outbox, ledger }
}

const states = async () => {
  const ledger = createLedger(redis.client)
  return Promise.all(messagesOf(pack).map(async ({ id }) => (await ledger.get(id))?.state))
}
const waitingAlone = async () => (await alone.getJobs(['waiting', 'prioritized'])).map(({ id }) => id ?? '').toSorted()

it('sends a pack once, however often its job runs, each message with a record of its own', async () => {
  const provider = vonage()
  const { send, ledger } = open(redis.client, cleanup, provider)
  await send(pack)
  await send(pack)
  expect(provider.asked.toSorted()).toEqual(numbers)
  expect(new Set(await states())).toEqual(new Set(['accepted']))
  expect(await ledger.get(messageTo(3))).toMatchObject({
    to: numbers[3],
    text: 'an update',
    purpose: 'feed',
    about: pack.about,
    uuids: { [`uuid-${numbers[3]}`]: 'accepted' },
    events: [{ state: 'sending' }, { state: 'accepted' }],
  })
  expect(await redis.client.keys('sb:message:*')).toEqual([])
  expect(await redis.client.ttl(`sb:pack:${pack.id}`)).toBeGreaterThan(86_400)
})

it('dies before any command: nobody gets it twice, and of everybody it is known what became of the message', async () => {
  for (let commands = 1, didDie = true; didDie; commands += 1) {
    await redis.client.del(`sb:pack:${pack.id}`)
    const provider = vonage()
    const few = { ...pack, to: numbers.slice(0, 6) }
    const setting = { concurrency: 4 }
    didDie = await withClient(redis.url, commands, (client, stack) => open(client, stack, provider, setting).send(few))
    const before = new Set(provider.asked)
    await open(redis.client, cleanup, provider, setting).send(few)
    const hint = `dead before command ${commands + 1}`
    expect(provider.asked.toSorted(), hint).toEqual([...new Set(provider.asked)].toSorted())
    const ended = (await states()).slice(0, 6)
    for (const [index, state] of ended.entries()) {
      const to = numbers[index] ?? ''
      // What was under way when it died may have gone out or not.
      expect(state === 'accepted' || state === 'unknown', `${hint}: ${state}`).toBe(true)
      if (state === 'accepted') expect(provider.asked, hint).toContain(to)
      if (provider.asked.includes(to) && !before.has(to)) expect(state, hint).toBe('accepted')
    }
    expect(ended.filter((state) => state === 'unknown').length, hint).toBeLessThanOrEqual(4)
    expect(await waitingAlone(), hint).toEqual([])
  }
})

it('asks each recipient for consent and subscription right before the send', async () => {
  const provider = vonage()
  const out = { state: 'out', source: 'text', sentAt: NOW, receivedAt: NOW, causeId: 'stop' } as const
  await createConsent(redis.client).record(`tel.${numbers[2]}`, out)
  await subscribe(redis.client, { channel: 'sms', address: numbers[4] ?? '' }, 'SPORT', 2)
  const { send, ledger } = open(redis.client, cleanup, provider)
  await send(pack)
  expect(provider.asked).toHaveLength(10)
  const reasons = await Promise.all([2, 4].map(async (index) => (await ledger.get(messageTo(index)))?.events.at(-1)))
  expect(reasons).toMatchObject([
    { state: 'suppressed', reason: 'opted-out' },
    { state: 'suppressed', reason: 'not-subscribed' },
  ])
})

it('lets who is not accepted go on alone, under the same id and record', async () => {
  const answers = new Map([
    [numbers[1], new NotAcceptedError({ kind: 'later', reason: 'answered 503' })],
    [numbers[6], new NotAcceptedError({ kind: 'refused', code: '1320', reason: 'no such number' })],
    [numbers[7], new NotAcceptedError({ kind: 'unknown', reason: 'no answer' })],
  ])
  const { send } = open(
    redis.client,
    cleanup,
    vonage(({ to }) => answers.get(to)),
  )
  await send(pack)
  expect(await waitingAlone()).toEqual([messageTo(1), messageTo(6)])
  expect((await states()).filter((state) => state !== 'accepted')).toEqual(['released', 'refused', 'unknown'])
})

it('takes no more at once than the bucket of the sender holds, and goes on where it stopped', async () => {
  const provider = vonage()
  const { send } = open(redis.client, cleanup, provider, { rate: 6, concurrency: 20 })
  await expect(send(pack)).rejects.toBeInstanceOf(RateLimitedError)
  expect(provider.asked).toHaveLength(3)
  // For an alert there is room at once.
  expect(await createSenderRate(redis.client).take('sms', '447700900000', 1, 6)).toBe(0)
  // A second later.
  await redis.client.del('sb:rate:sms:447700900000')
  await open(redis.client, cleanup, provider).send(pack)
  expect(provider.asked.toSorted()).toEqual(numbers)
})

it('waits while an alert or an answer waits, not while another update does', async () => {
  const provider = vonage()
  const { send, outbox } = open(redis.client, cleanup, provider)
  const message: OutboundMessage = { id: 'u', channel: 'sms', to: '1', text: 'a', purpose: 'feed', createdAt: NOW }
  await outbox.send(message)
  await outbox.send({ ...message, id: 'a', purpose: 'reply' })
  await expect(send(pack)).rejects.toBeInstanceOf(RateLimitedError)
  expect(await states()).toEqual(numbers.map(() => undefined))
  await alone.remove('a')
  await send(pack)
  expect(provider.asked).toHaveLength(12)
})

it('waits as a whole while its sender is held; one of them tries', async () => {
  const senders = createSenders(redis.client)
  const id = { channel: 'sms', sender: '447700900000' } as const
  for (const recipient of ['a', 'b']) {
    await senders.answered(id, { kind: 'account', recipient, code: '401', reason: 'bad key' }, NOW)
  }
  const provider = vonage()
  await expect(open(redis.client, cleanup, provider).send(pack)).rejects.toMatchObject({ name: 'PostponedError' })
  expect(await waitingAlone()).toEqual([])
  const later = open(redis.client, cleanup, provider, { now: NOW + 61_000 })
  await expect(later.send(pack)).rejects.toMatchObject({ name: 'PostponedError' })
  expect(await waitingAlone()).toEqual([messageTo(0)])
  expect(provider.asked).toEqual([])
})

it('drops what a newer update has overtaken without a record for each', async () => {
  const provider = vonage()
  await createFeedValues(redis.client).records.change('NEWS', () => ({ value: 'newer', tick: NOW + 1 }))
  await open(redis.client, cleanup, provider).send(pack)
  expect(provider.asked).toEqual([])
  expect(await redis.client.exists(`sb:pack:${pack.id}`)).toBe(0)
})

it('statuses find its messages, by our id or by that of Vonage, also before their answer', async () => {
  const { send, status, ledger } = open(redis.client, cleanup, vonage())
  const statusOf = (index: number) =>
    ({ kind: 'message', messageUuid: `uuid-${numbers[index]}`, state: 'delivered', at: NOW, receivedAt: NOW }) as const
  await send(pack)
  await status({ ...statusOf(0), clientRef: messageTo(0) })
  await status(statusOf(1))
  await status(statusOf(1))
  expect((await states()).slice(0, 3)).toEqual(['delivered', 'delivered', 'accepted'])
  expect((await ledger.get(messageTo(1)))?.uuids).toEqual({ [`uuid-${numbers[1]}`]: 'delivered' })
})

it('erasing a person leaves the others of the pack, sent or waiting, in their places', async () => {
  const packs = cleanup.use(createPackOutbox(redis.client))
  const waiting = { ...pack, id: packId('waiting') }
  await packs.sendPacks([waiting])
  await open(redis.client, cleanup, vonage()).send(pack)
  const gone = { channel: 'sms', address: numbers[5] ?? '' } as const
  await using jobs = createJobEraser(redis.client)
  await jobs.erase([gone])
  await createErasure(redis.client).erase([gone], ['NEWS'], NOW)

  expect((await states()).map((state) => state ?? 'gone')).toEqual(
    numbers.map((to) => (to === gone.address ? 'gone' : 'accepted')),
  )
  const { name } = packQueues.sms
  const [job] = await new Queue(name, { connection: redis.client, prefix: queuePrefix(name) }).getJobs(['waiting'])
  expect(job?.data.to).toEqual(numbers.map((to) => (to === gone.address ? '' : to)))
  const dump = await Promise.all((await redis.client.keys('sb:*')).map(async (key) => [key, await read(key)]))
  expect(JSON.stringify(dump)).not.toContain(gone.address)
})

async function read(key: string): Promise<unknown> {
  const type = await redis.client.type(key)
  if (type === 'hash') return redis.client.hgetall(key)
  if (type === 'zset') return redis.client.zrange(key, '0', '-1')
  return type === 'list' ? redis.client.lrange(key, 0, -1) : redis.client.get(key)
}
