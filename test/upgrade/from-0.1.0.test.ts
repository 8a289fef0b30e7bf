import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { connectOwnSimulator } from '../support/simulator.ts'
import type { OwnSimulator } from '../support/simulator.ts'
import { claimDatabase } from '../support/test-database.ts'
import type { TestDatabase } from '../support/test-database.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'
import { loadRecords } from './load-records.ts'

/*
 * written-by-0.1.0.json is the Redis of a stack of commit b2e507a (version 0.1.0), made through its own doors: people
 * subscribed by text and one sent STOP, a notification was asked, of three alerts one was answered, one waits for Ann, and
 * one was given up on Bob's first number while the services were being stopped. Keys and values as they were, without
 * BullMQ's event streams, metrics and the counters of rates.
 */

let database: TestDatabase
let stack: TestStack
let simulator: OwnSimulator
let api: AlertClient
let alerts: Record<string, string>

beforeAll(async () => {
  database = await claimDatabase(inject('redisUrl'))
  alerts = await loadRecords(database.client, 'written-by-0.1.0.json')
  stack = await startTestStack({ redisUrl: database.url })
  simulator = connectOwnSimulator(stack)
  // These phones have written before: to the simulator of then.
  await simulator.loads('open-windows')
  api = createAlertClient(stack.addresses)
})
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

test('an alert whose deadline has passed meanwhile goes on to the next channel, and from there to the next person', async () => {
  const alert = await api.until(alerts['moves'] ?? '', 'Bob/viber_service')
  await simulator.phone('viber_service', '447710000012').expects(/Queue stuck/)
  expect(alert.timeline.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['started', 'contacting', 'deadline']),
  )
  await api.post(`/api/alerts/${alert.id}/acknowledge`, {})
  await api.until(alert.id, 'attended')
})

test('a reply finds the alert that it answers, and the older one stays as it ended', async () => {
  await api.until(alerts['waits'] ?? '', 'Ann/sms')
  await simulator.phone('sms', '447710000011').sends('I am on it')
  const { attendedBy } = await api.until(alerts['waits'] ?? '', 'attended')
  expect(attendedBy).toMatchObject({ how: 'reply', user: 'Ann', channel: 'sms' })
  await api.until(alerts['seen'] ?? '', 'attended')
})

test('the answer to a notification is stored and confirmed', async () => {
  const customer = simulator.phone('sms', '447710000021')
  await customer.sends('2')
  await customer.expects('picking option 2')
  await expect
    .poll(() => api.get('/api/notifications'))
    .toMatchObject({ notifications: [{ to: '447710000021', state: 'answered', choice: { meaning: 'Thursday' } }] })
})

test('whoever subscribed receives what is pushed, on their channel; who opted out does not; and STOP ends it', async () => {
  const onSms = simulator.phone('sms', '447710000001')
  const onWhatsapp = simulator.phone('whatsapp', '447710000003')
  await api.post('/api/feeds/NEWS/updates', { value: 'A new version' })
  await onSms.expects(/A new version/)
  await onWhatsapp.expects(/A new version/)
  await onSms.sends('STOP')
  await onSms.expects(/not receive any more/)
  await api.post('/api/feeds/NEWS/updates', { value: 'And another' })
  await onWhatsapp.expects(/And another/)
  for (const address of ['447710000001', '447710000002']) {
    await simulator.phone('sms', address).expectsNothing(500, /And another/)
  }
})

test('the schedule of a feed goes on', async () => {
  await simulator.phone('sms', '447710000004').expects(/MSFT.*\d/)
})
