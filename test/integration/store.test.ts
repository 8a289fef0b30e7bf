import type { Contact, OutboundMessage } from '@switchboard/contracts'
import {
  createConsent,
  createInbound,
  createLedger,
  createReplyGuard,
  createSenderRate,
  createSubscriptions,
} from '@switchboard/store'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { inThreeTries } from '../support/eventually.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { subscribe } from '../support/subscribe.ts'

let redis: TestRedis
/** Another process, as far as Redis can tell. */
let other: Redis

beforeAll(async () => {
  redis = await openTestRedis()
  other = new Redis(redis.url)
})
beforeEach(() => redis.flush())
afterAll(async () => {
  other.disconnect()
  await redis[Symbol.asyncDispose]()
})

const sms: Contact = { channel: 'sms', address: '447700900010' }
const message: OutboundMessage = {
  id: 'm1',
  channel: 'sms',
  to: sms.address,
  text: 'MSFT 420.00',
  purpose: 'feed',
  createdAt: 1,
}

function contactOf(index: number): Contact {
  return { channel: 'sms', address: `4477${String(index).padStart(8, '0')}` }
}

describe('a ledger record', () => {
  it('is claimed by one of many workers', async () => {
    const ledgers = [createLedger(redis.client), createLedger(other)]
    const claims = await Promise.all(
      Array.from({ length: 40 }, (_, index) => ledgers[index % 2]!.claim(message, Date.now())),
    )
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
  })

  it('keeps every one of many events at once, and its state only moves forward', async () => {
    const ledgers = [createLedger(redis.client), createLedger(other)]
    await ledgers[0]!.claim(message, 1)
    const states = ['read', 'submitted', 'delivered', 'accepted', 'rejected'] as const
    await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        ledgers[at % 2]!.record('m1', { state: states[at % 5]!, at, uuids: ['uuid-1'] }),
      ),
    )
    const record = await ledgers[0]!.get('m1')
    expect(record).toMatchObject({ state: 'read', uuids: { 'uuid-1': 'read' } })
    expect(record?.events).toHaveLength(31)
  })

  it('is recorded in one step when its content is known, and correctly when it is not what was thought', async () => {
    const ledger = createLedger(redis.client)
    const claim = await ledger.claim(message, 1)
    await ledger.record('m1', { state: 'delivered', at: 2, uuids: ['uuid-1'] })
    await ledger.record('m1', { state: 'accepted', at: 3, uuids: ['uuid-1'] }, claim.record)
    expect(await ledger.get('m1')).toMatchObject({ state: 'delivered', events: [{ at: 1 }, { at: 2 }, { at: 3 }] })
  })

  it('is not made by a status of a message that nobody knows', async () => {
    const ledger = createLedger(redis.client)
    expect(await ledger.record('unknown', { state: 'delivered', at: 1 })).toBeUndefined()
    expect(await ledger.get('unknown')).toBeUndefined()
  })

  it('expires; feeds sooner than replies', async () => {
    const ledger = createLedger(redis.client)
    await ledger.claim(message, 1)
    await ledger.refuse({ ...message, id: 'm2', purpose: 'reply' }, { state: 'suppressed', at: 1, reason: 'opted-out' })
    const days = async (id: string) => Math.round((await redis.client.ttl(`sb:message:${id}`)) / 86_400)
    expect([await days('m1'), await days('m2')]).toEqual([2, 30])
  })

  it('a parked status stays for whoever needs it again, and no longer than an hour', async () => {
    const ledger = createLedger(redis.client)
    const status = { kind: 'message', messageUuid: 'uuid-1', state: 'delivered', at: 1, receivedAt: 2 } as const
    await ledger.park(status, status.messageUuid)
    expect(await ledger.parked('uuid-1')).toEqual([status])
    expect(await ledger.parked('uuid-1')).toEqual([status])
    expect(await redis.client.ttl('sb:parked:uuid-1')).toBeGreaterThan(3_500)
  })
})

describe('consent', () => {
  it('follows the newest of many events, in whatever order they are recorded', async () => {
    const stores = [createConsent(redis.client), createConsent(other)]
    const events = Array.from({ length: 20 }, (_, index) => ({
      state: index % 2 === 0 ? ('out' as const) : ('in' as const),
      sentAt: index,
      receivedAt: index,
      source: 'text' as const,
      causeId: `in-${index}`,
    }))
    const shuffled = events.toSorted(() => Math.random() - 0.5)
    await Promise.all(shuffled.map((event, index) => stores[index % 2]!.record('tel.447700900010', event)))
    expect(await stores[0]!.isOptedOut('tel.447700900010')).toBe(false)
    expect(await redis.client.ttl('sb:consent:tel.447700900010')).toBe(-1)
  })
})

describe('subscriptions', () => {
  it('pages miss nobody who stays and give nobody twice while others join and leave', async () => {
    const store = createSubscriptions(redis.client)
    const staying = Array.from({ length: 60 }, (_, index) => contactOf(index * 100))
    await Promise.all(staying.map((each) => subscribe(redis.client, each, 'MSFT')))

    const seen: string[] = []
    for (let after = '', size = -1, turn = 0; size !== 0; turn += 1) {
      const page = await store.page('MSFT', after, 7)
      seen.push(...page)
      after = page.at(-1) ?? after
      size = page.length
      await subscribe(redis.client, contactOf(turn * 700 + 1), 'MSFT')
      await subscribe(redis.client, contactOf(turn * 300 + 50), 'MSFT')
      await store.erase(contactOf(Math.max(0, turn - 2) * 300 + 50), [])
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(staying.map(({ address }) => `sms.${address}`)))
  })
})

describe('the rate of a sender', () => {
  it('is shared by all replicas: half a second in one go, then so many per second', inThreeTries, async () => {
    const rates = [createSenderRate(redis.client), createSenderRate(other)]
    const take = async (perSecond: number, count: number) => {
      const waits = await Promise.all(
        Array.from({ length: count }, (_, index) => rates[index % 2]!.take('sms', '447700900000', 1, perSecond)),
      )
      return { taken: waits.filter((wait) => wait === 0).length, waits: waits.filter((wait) => wait > 0) }
    }
    const { taken, waits } = await take(40, 60)
    expect(taken).toBeGreaterThanOrEqual(21)
    expect(taken).toBeLessThanOrEqual(24)
    for (const wait of waits) expect(wait).toBeLessThanOrEqual(50)
  })

  it('lets as many through in a second as it says', inThreeTries, async () => {
    const rates = [createSenderRate(redis.client), createSenderRate(other)]
    const from = performance.now()
    let taken = 0
    const worker = async (rate: (typeof rates)[number]) => {
      for (let waited = 0; performance.now() + waited - from < 1_000;) {
        waited = await rate.take('sms', 's', 2, 200)
        if (waited === 0) taken += 2
        else await new Promise((resolve) => setTimeout(resolve, waited))
      }
    }
    await Promise.all([...rates, ...rates].map(worker))
    const seconds = (performance.now() - from) / 1_000
    expect(taken).toBeGreaterThanOrEqual(200 * 0.9)
    expect(taken).toBeLessThanOrEqual(200 * (seconds + 0.5) + 4)
  })

  it('counts each sender for itself and forgets those that are idle', async () => {
    const rate = createSenderRate(redis.client)
    expect(await rate.take('sms', 'a', 600, 1)).toBe(0)
    expect(await rate.take('sms', 'a', 1, 1)).toBeGreaterThan(500_000)
    expect(await rate.take('sms', 'b', 1, 1)).toBe(0)
    expect(await rate.take('whatsapp', 'a', 1, 1)).toBe(0)
    expect(await redis.client.pttl('sb:rate:sms:b')).toBeLessThanOrEqual(2_100)
  })
})

describe('the reply guard', () => {
  it('allows ten answers in ten minutes to one contact, and the same answer again', async () => {
    const guards = [createReplyGuard(redis.client), createReplyGuard(other)]
    const ask = (id: number, now: number) => guards[id % 2]!.allows(sms, `re-${id}`, now)
    const first = await Promise.all(Array.from({ length: 30 }, (_, id) => ask(id, 1_000_000)))
    expect(first.filter(Boolean)).toHaveLength(10)
    const allowed = first.indexOf(true)
    expect(await ask(allowed, 1_000_500)).toBe(true)
    expect(await ask(99, 1_599_999)).toBe(false)
    expect(await ask(99, 1_600_001)).toBe(true)
    expect(await guards[0]!.allows({ ...sms, channel: 'whatsapp' }, 're-1', 1_000_000)).toBe(true)
  })
})

describe('the window of a contact', () => {
  const hour = 3_600_000

  it('is open for a day after the newest message, whenever the older ones arrive', async () => {
    const inbound = createInbound(redis.client)
    const now = 100 * hour
    await inbound.openWindow(sms, now, now)
    await inbound.openWindow(sms, now - 23 * hour, now)
    expect(await redis.client.ttl('sb:last-inbound:sms.447700900010')).toBeGreaterThan(23 * 3_600)
    expect(await inbound.isWindowOpen(sms)).toBe(true)
  })

  it('is not opened by a message that is older than a day', async () => {
    const inbound = createInbound(redis.client)
    await inbound.openWindow(sms, 0, 25 * hour)
    expect(await inbound.isWindowOpen(sms)).toBe(false)
  })
})
