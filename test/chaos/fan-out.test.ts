import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { feedRefreshQueue } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { createLedger } from '@switchboard/store'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'
import type { TestContext } from 'vitest'

import { createChance } from '../support/chance.ts'
import { startRecordingVonage } from '../support/recording-vonage.ts'
import { startPrivateRedis } from '../support/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'
import { subscribe } from '../support/subscribe.ts'

const SUBSCRIBERS = 1_200
/** OUTBOUND_CONCURRENCY: so many sends may be under way when a process dies. */
const UNDER_WAY = 20
const everySeconds = 300
const ids = Array.from({ length: SUBSCRIBERS }, (_, index) => `4477${String(10_000_000 + index)}`)

/** A topic with many subscribers, and what works for it. */
async function startFeed(context: TestContext) {
  const stack = new AsyncDisposableStack()
  const redis = stack.use(await startPrivateRedis(context))
  const vonage = stack.use(await startRecordingVonage({ answersAfterMs: 30 }))
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-chaos-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const config = {
    senders: { sms: '447700900000' },
    rates: { sms: 2_000 },
    feeds: { NEWS: { source: 'push', everySeconds } },
  }
  const env = serviceEnvironment({ redisUrl: redis.url, folder, config, vonageUrl: vonage.url })

  const client = new Redis(redis.url, { retryStrategy: () => 100, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  stack.defer(() => client.disconnect())
  await Promise.all(ids.map((address) => subscribe(client, { channel: 'sms', address }, 'NEWS')))
  const refresh = stack.use(createProducer(feedRefreshQueue, client))
  return {
    redis,
    vonage,
    client,
    start: async (name: 'feeds' | 'outbound') => stack.use(await startService(name, env)),
    push: (at: number) => refresh.enqueue({ topic: 'NEWS', update: { id: `u${at}`, value: 'an update', at } }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** The messages of an update that have come to an end, by state. */
async function endings(client: Redis, at: number) {
  const ledger = createLedger(client)
  const ended = new Map<string, string[]>()
  for (const id of await messageIds(client)) {
    const record = await ledger.get(id)
    if (record?.about?.kind !== 'feed' || record.about.tick !== at) continue
    ended.set(record.state, [...(ended.get(record.state) ?? []), id])
  }
  return { accepted: ended.get('accepted') ?? [], unknown: ended.get('unknown') ?? [] }
}

/** Of all messages that have a record, in packs and alone. */
async function messageIds(client: Redis): Promise<string[]> {
  const packs = (await client.keys('sb:pack:*')).map((key) => key.slice('sb:pack:'.length))
  const inPacks = await Promise.all(packs.map((id) => createLedger(client).knownOfPack(id)))
  const alone = (await client.keys('sb:message:*')).map((key) => key.slice('sb:message:'.length))
  return [...inPacks.flatMap((ids) => [...ids]), ...alone]
}

/** Some have it, whom chance says. */
async function untilSentToSome({ vonage }: Awaited<ReturnType<typeof startFeed>>): Promise<void> {
  const some = createChance().between(1, SUBSCRIBERS / 2)
  await vi.waitFor(() => expect(vonage.accepted.size).toBeGreaterThan(some), { timeout: 60_000, interval: 10 })
}

async function expectAllOnce(feed: Awaited<ReturnType<typeof startFeed>>, at: number) {
  const ended = await vi.waitFor(
    async () => {
      const all = await endings(feed.client, at)
      expect(all.accepted.length + all.unknown.length).toBe(SUBSCRIBERS)
      return all
    },
    { timeout: 150_000, interval: 500 },
  )
  expect(Math.max(...feed.vonage.accepted.values())).toBe(1)
  for (const id of ended.accepted) expect(feed.vonage.accepted.has(id)).toBe(true)
  // What was under way at that moment may or may not have gone out: it is never sent again.
  expect(ended.unknown.length).toBeLessThanOrEqual(2 * UNDER_WAY)
}

test('outbound is killed in the middle of a fan-out: every message goes out, none twice', async (context) => {
  await using feed = await startFeed(context)
  await feed.start('feeds')
  const outbound = await feed.start('outbound')
  const at = Date.now()
  await feed.push(at)
  await untilSentToSome(feed)
  outbound.kill('SIGKILL')
  await outbound.ended
  expect(feed.vonage.accepted.size).toBeLessThan(SUBSCRIBERS)
  await feed.start('outbound')
  await expectAllOnce(feed, at)
})

test('feeds is killed while it writes a fan-out: nobody is left out, none twice', async (context) => {
  await using feed = await startFeed(context)
  const feeds = await feed.start('feeds')
  const at = Date.now()
  await feed.push(at)
  feeds.kill('SIGKILL')
  await feeds.ended
  await Promise.all([feed.start('feeds'), feed.start('outbound')])
  await expectAllOnce(feed, at)
})

test('Redis is killed in the middle of a fan-out: nothing is lost, none goes out twice', async (context) => {
  await using feed = await startFeed(context)
  const services = await Promise.all([feed.start('feeds'), feed.start('outbound'), feed.start('outbound')])
  const at = Date.now()
  await feed.push(at)
  await untilSentToSome(feed)
  await feed.redis.kill()
  expect(feed.vonage.accepted.size).toBeLessThan(SUBSCRIBERS)
  await feed.redis.start()
  await expectAllOnce(feed, at)
  // Nobody had to be started again, and the feed goes on.
  const later = Date.now()
  await feed.push(later)
  await vi.waitFor(async () => expect((await endings(feed.client, later)).accepted).toHaveLength(SUBSCRIBERS), {
    timeout: 120_000,
    interval: 500,
  })
  for (const service of services) expect(service.pid).toBeDefined()
})
