import { switchboardConfig } from '@switchboard/contracts'
import { createAlerts, createNotifications } from '@switchboard/store'
import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { createAlertWorkflow } from '../../services/failover/src/alert-workflow.ts'
import { fillRecords } from '../support/fill-records.ts'
import { keepNotification } from '../support/keep-record.ts'
import { openTestRedis } from '../support/redis.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()

test('a year later what nobody has used is gone, from the indexes too; subscriptions and consent hold', async () => {
  await using database = await openTestRedis()
  const redis = database.client
  await fillRecords(database.url, { alerts: 20, subscriptions: 20, messages: 20, notifications: 20 }, NOW)
  expect(await countByKind(redis)).toMatchObject({ alert: 20, message: 20, notification: 20, subscription: 20 })
  const note = await createNotifications(redis).get('note-1')
  if (!note) throw new Error('no notification')

  await passDays(redis, 366)
  const later = NOW + 366 * DAY_MS
  // What runs all the time, and what happens next.
  await reconcileAt(redis, later)
  await keepNotification(
    createNotifications(redis, () => later),
    { ...note, id: 'note-later', createdAt: later },
  )

  const left = await countByKind(redis)
  expect(left).toMatchObject({ subscription: 20, consent: 20, notification: 1 })
  // `of`: that of the new notification. `messages`: the newest ids, cut at a length.
  const kinds = [
    'consent',
    'consents',
    'messages',
    'notification',
    'notifications',
    'of',
    'subscribers',
    'subscription',
  ]
  expect(Object.keys(left).toSorted()).toEqual(kinds)
  expect(await redis.zrange('sb:notifications', '0', '-1')).toEqual(['note-later'])
})

/** Moves the clock of a Redis: whatever has less time left than that is gone, everything else has so much less. */
async function passDays(redis: Redis, days: number): Promise<void> {
  for (const key of await redis.keys('*')) {
    const left = await redis.pttl(key)
    if (left < 0) continue
    if (left <= days * DAY_MS) await redis.del(key)
    else await redis.pexpire(key, left - days * DAY_MS)
  }
}

/** By the word after `sb:`. */
async function countByKind(redis: Redis): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const key of await redis.keys('sb:*')) {
    const kind = key.split(':')[1] ?? ''
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

const never = () => Promise.reject(new Error('There is no alert left'))
const ignore = () => undefined

/** What the failover service does every few seconds. */
async function reconcileAt(redis: Redis, now: number): Promise<void> {
  const alerts = createAlerts(redis)
  const workflow = createAlertWorkflow({
    alerts,
    lateReplies: { expect: never, ended: never },
    callerWorkflows: { reached: never },
    trail: { enqueue: async () => {} },
    outbox: { send: never },
    ledger: { get: never, stateOf: never },
    bundling: { gathers: never },
    timers: { enqueue: never, remove: never },
    handOver: never,
    callers: { finalReport: never },
    callUrls: () => ({ keysUrl: 'https://alerts.example/key' }),
    acknowledgeLink: () => '',
    settings: switchboardConfig.parse({}),
    now: () => now,
    log: { warn: ignore, error: (fields) => expect.fail(JSON.stringify(fields)) },
  })
  await workflow.reconcile()
  await alerts.trimRecent(now)
}
