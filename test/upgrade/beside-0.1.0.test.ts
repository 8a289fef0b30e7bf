import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import { connectOwnSimulator } from '../support/simulator.ts'
import type { OwnSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'
import { installOldVersion } from './old-version.ts'

/** Version 0.1.0. */
const OLD = 'b2e507a'
/** Those that work from queues: during a rolling upgrade they run beside newer ones. */
const workers = ['inbound-router', 'subscriptions', 'feeds', 'notifications', 'failover', 'outbound']
const PEOPLE = 12
const config = {
  senders: { sms: '447700900000', whatsapp: '447700900001' },
  feeds: { NEWS: { source: 'push', everySeconds: 60 } },
  notifications: {
    delivery: {
      text: 'Reply 1 (tomorrow) or 2 (Thursday).',
      options: { 1: 'tomorrow', 2: 'Thursday' },
      acknowledgement: 'Thank you for picking option {option}.',
    },
  },
}

const cleanup = new AsyncDisposableStack()
let stack: TestStack
let simulator: OwnSimulator
let api: AlertClient
const oldLines: string[] = []

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-beside-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const configFile = join(folder, 'switchboard.config.json')
  writeFileSync(configFile, JSON.stringify(config))
  const [old, started] = await Promise.all([
    installOldVersion(OLD),
    startTestStack({ redisServerUrl: inject('redisUrl'), env: { SWITCHBOARD_CONFIG: configFile } }),
  ])
  stack = cleanup.use(started)
  cleanup.use(old)
  await Promise.all(workers.map((service) => old.start(service, stack.environment, (line) => oldLines.push(line))))
  simulator = connectOwnSimulator(stack)
  api = createAlertClient(stack.addresses)
}, 180_000)
afterAll(() => cleanup.disposeAsync())

const many = <Made>(make: (index: number) => Made) => Array.from({ length: PEOPLE }, (_, index) => make(index))

test('people subscribe, get each update once, and none after STOP', async () => {
  const phones = many(() => simulator.phone('sms'))
  for (const phone of phones) await phone.sends('NEWS')
  for (const phone of phones) await phone.expects(/NEWS/)
  for (const value of ['first', 'second', 'third']) {
    await api.post('/api/feeds/NEWS/updates', { value: `the ${value} one` })
    for (const phone of phones) await phone.expects(new RegExp(`the ${value} one`))
  }
  for (const phone of phones) await phone.sends('STOP')
  for (const phone of phones) await phone.expects(/not receive any more/)
  await api.post('/api/feeds/NEWS/updates', { value: 'the last one' })
  for (const phone of phones) {
    await phone.expectsNothing(300)
    const updates = (await phone.received()).filter(({ text }) => / one/.test(text))
    expect(updates.map(({ text }) => /the \w+ one/.exec(text)?.[0])).toEqual([
      'the first one',
      'the second one',
      'the third one',
    ])
  }
})

test('alerts walk to the second channel and are answered there, each message once', async () => {
  const people = many((index) => ({ index, phones: [simulator.phone('sms'), simulator.phone('sms')] as const }))
  const alerts = await Promise.all(
    people.map(async ({ index, phones }) => {
      const text = `rack ${index} is hot`
      return { phones, text, id: await api.start([{ name: 'Ann', phones: [...phones], seconds: [2] }], text) }
    }),
  )
  for (const { phones, text } of alerts) await phones[0].expects(text)
  for (const { phones, text } of alerts) await phones[1].expects(text)
  for (const { phones } of alerts) await phones[1].sends('I am on it')
  for (const { id, phones, text } of alerts) {
    expect((await api.until(id, 'attended')).attendedBy).toMatchObject({ user: 'Ann', how: 'reply' })
    for (const phone of phones)
      expect((await phone.received()).filter((each) => each.text.startsWith(text))).toHaveLength(1)
  }
})

test('notifications are answered, and confirmed once', async () => {
  const phones = many(() => simulator.phone('sms'))
  for (const { channel, address } of phones)
    await api.post('/api/notifications', { channel, to: address, template: 'delivery' })
  for (const phone of phones) {
    await phone.expects(/Reply 1/)
    await phone.sends('2')
  }
  for (const phone of phones) {
    await phone.expects('picking option 2')
    await phone.expectsNothing(200)
  }
})

test('both versions have had their share of the work', () => {
  const newLines = readFileSync(stack.logFile, 'utf8').split('\n')
  for (const lines of [oldLines, newLines]) {
    expect(lines.filter((line) => line.includes('"message.accepted"')).length).toBeGreaterThan(PEOPLE)
  }
})
