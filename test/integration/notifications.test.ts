import { createNotifications, createQuotas, findNotifications } from '@switchboard/store'
import type { NotificationRecord } from '@switchboard/store'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { keepNotification } from '../support/keep-record.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const NOW = Date.now()

let redis: TestRedis
beforeAll(async () => {
  redis = await openTestRedis()
})
beforeEach(() => redis.flush())
afterAll(() => redis[Symbol.asyncDispose]())

function record(id: string, createdAt: number, change: Partial<NotificationRecord> = {}): NotificationRecord {
  return {
    id,
    name: 'delivery',
    contact: { channel: 'sms', address: '447700900123' },
    text: 'Reply 1',
    variables: {},
    options: { '1': 'yes' },
    texts: { acknowledgement: 'a', askAgain: 'b', handedOver: 'c', tooLate: 'd' },
    warnings: [],
    createdAt,
    expiresAt: createdAt + 60_000,
    needsPerson: false,
    replies: [],
    ...change,
  }
}

describe('the newest question of a contact', () => {
  it('replaces the one before it, in whatever order they are put', async () => {
    const notifications = createNotifications(redis.client)
    const [older, newer] = [record('n1', NOW), record('n2', NOW + 1)]
    for (const each of [older, newer]) await keepNotification(notifications, each)
    expect(await notifications.ask(newer)).toEqual({ kind: 'newest', replaced: undefined })
    expect(await notifications.ask(older)).toEqual({ kind: 'superseded', by: 'n2' })
    expect((await notifications.askedOf(older.contact))[0]?.id).toBe('n2')
  })

  it('says again what it replaced when it is put again', async () => {
    const notifications = createNotifications(redis.client)
    await notifications.ask(record('n1', NOW))
    const newer = record('n2', NOW + 1)
    expect(await notifications.ask(newer)).toEqual({ kind: 'newest', replaced: 'n1' })
    expect(await notifications.ask(newer)).toEqual({ kind: 'newest', replaced: 'n1' })
  })

  it('is one per contact', async () => {
    const notifications = createNotifications(redis.client)
    const viber = { channel: 'viber_service', address: '447700900123' } as const
    for (const each of [record('n1', NOW), record('n2', NOW + 1, { contact: viber })]) {
      await keepNotification(notifications, each)
      await notifications.ask(each)
    }
    expect((await notifications.askedOf({ channel: 'sms', address: '447700900123' }))[0]?.id).toBe('n1')
    expect((await notifications.askedOf(viber))[0]?.id).toBe('n2')
  })
})

it('a contact may be answering one of the questions before the newest', async () => {
  const notifications = createNotifications(redis.client)
  for (const each of [1, 2, 3]) {
    const asked = record(`q${each}`, NOW + each)
    await keepNotification(notifications, asked)
    await notifications.ask(asked)
  }
  const found = await notifications.askedOf({ channel: 'sms', address: '447700900123' })
  expect(found.map(({ id }) => id)).toEqual(['q3', 'q2', 'q1'])
})

describe('the list', () => {
  it('pages through everything that fits, newest first, however much does not', async () => {
    const notifications = createNotifications(redis.client)
    for (let index = 0; index < 1_100; index += 1) {
      await keepNotification(notifications, record(`n${index}`, NOW - index, { needsPerson: index % 300 === 0 }))
    }
    const found: string[] = []
    let from: { before: number; offset: number } | undefined = { before: NOW + 1, offset: 0 }
    while (from) {
      const page: Awaited<ReturnType<typeof findNotifications>> = await findNotifications(
        notifications,
        { needsPerson: true },
        { from, limit: 2, now: NOW },
      )
      found.push(...page.found.map(({ id }) => id))
      from = page.next
    }
    expect(found).toEqual(['n0', 'n300', 'n600', 'n900'])
  })
})

describe('a quota', () => {
  const quota = { name: 'test', subject: '447700900123', max: 2, windowSeconds: 60 }

  it('is used up by its takers, of whom each counts once', async () => {
    const quotas = createQuotas(redis.client)
    const takers = ['a', 'a', 'b', 'c', 'b']
    const allowed: boolean[] = []
    for (const taker of takers) allowed.push(await quotas.take(quota, taker))
    expect(allowed).toEqual([true, true, true, false, true])
    expect(await quotas.take({ ...quota, subject: 'other' }, 'c')).toBe(true)
  })

  it('ends by itself, and its key does not say whose it is', async () => {
    await createQuotas(redis.client).take(quota, 'a')
    const [key = ''] = await redis.client.keys('sb:quota:*')
    expect(key).not.toContain('447700900123')
    expect(await redis.client.ttl(key)).toBeGreaterThan(50)
  })
})
