import { switchboardConfig } from '@switchboard/contracts'
import { createAlerts, createCalls, createLedger, createNotifications, createTraffic } from '@switchboard/store'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { fillRecords } from '../support/fill-records.ts'
import { keepNotification } from '../support/keep-record.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()

let database: TestRedis
let redis: Redis
beforeAll(async () => {
  database = await openTestRedis()
  redis = new Redis(database.url)
})
afterAll(async () => {
  redis.disconnect()
  await database[Symbol.asyncDispose]()
})

/** Kept without an expiry, each for the reason that packages/store/src/keys.ts gives. */
const lasting = [
  /^sb:consent:/,
  /^sb:consents$/,
  /^sb:person-names$/,
  /^sb:mailings$/,
  /^sb:subscription:/,
  /^sb:subscribers:/,
  /^sb:alerts:(walking|ended|unanswered)$/,
  /^sb:alert-code$/,
  /^sb:notifications$/,
  /^sb:messages:recent$/,
]

test('every record has an expiry, or is one of those that last', async () => {
  await fillRecords(database.url, { alerts: 20, subscriptions: 20, messages: 20, notifications: 20 }, NOW)
  const keys = await redis.keys('sb:*')
  expect(keys.length).toBeGreaterThan(100)
  const endless: string[] = []
  for (const key of keys) if ((await redis.ttl(key)) === -1) endless.push(key)
  expect(endless.filter((key) => !lasting.some((pattern) => pattern.test(key)))).toEqual([])
})

test('records go after the days that the configuration says', async () => {
  const { retention } = switchboardConfig.parse({
    retention: { messagesDays: 3, feedMessagesDays: 1, alertsDays: 4, notificationsDays: 5, callsDays: 6 },
  })
  const ledger = createLedger(redis, retention)
  const message = { channel: 'sms', to: '447700900999', text: 'hello', createdAt: NOW } as const
  await ledger.claim({ ...message, id: 'reply-1', purpose: 'reply' }, NOW)
  await ledger.claim({ ...message, id: 'feed-x', purpose: 'feed' }, NOW)
  await createCalls(redis, retention).record({ uuid: 'call-1', status: 'started', at: NOW, receivedAt: NOW })
  const alerts = createAlerts(redis, retention)
  const ended = await alerts.get('alert-1')
  if (!ended) throw new Error('no alert')
  await alerts.change('alert-ended', () => ({ ...ended, id: 'alert-ended', state: 'cancelled' }))
  const notifications = createNotifications(redis, () => NOW, retention)
  const note = await notifications.get('note-1')
  if (!note) throw new Error('no notification')
  await keepNotification(notifications, { ...note, id: 'note-new', createdAt: NOW })

  const days = async (key: string) => Math.round((await redis.ttl(key)) / 86_400)
  expect({
    reply: await days('sb:message:reply-1'),
    feed: await days('sb:message:feed-x'),
    call: await days('sb:call:call-1'),
    alert: await days('sb:alert:alert-ended'),
    notification: await days('sb:notification:note-new'),
  }).toEqual({ reply: 3, feed: 1, call: 6, alert: 4, notification: 5 })
})

test('indexes forget what is older than its records', async () => {
  const alerts = createAlerts(redis)
  expect(await redis.zcard('sb:alerts:ended')).toBeGreaterThan(0)
  await alerts.trimRecent(NOW + 61 * DAY_MS)
  expect(await redis.zcard('sb:alerts:ended')).toBe(0)

  const later = NOW + 91 * DAY_MS
  const notifications = createNotifications(redis, () => later)
  const note = await notifications.get('note-1')
  if (!note) throw new Error('no notification')
  await keepNotification(notifications, { ...note, id: 'note-later', createdAt: later })
  expect(await redis.zrange('sb:notifications', '0', '-1')).toEqual(['note-later'])
})

test('a list that only people read is cut at a length', async () => {
  const traffic = createTraffic(redis)
  for (let batch = 0; batch < 11; batch += 1) {
    await traffic.noteMessages(Array.from({ length: 1_000 }, (_, index) => ({ id: `m-${batch}-${index}`, at: batch })))
  }
  expect(await redis.zcard('sb:messages:recent')).toBe(10_000)
})
