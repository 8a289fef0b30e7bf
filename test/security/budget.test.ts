import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import { dial } from '../support/caller.ts'
import { connectConsole } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { connectOwnSimulator } from '../support/simulator.ts'
import type { OwnSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

// Somebody makes us send, as often as they can. What it may cost has an end, and people who need us come first.
const BUDGET = 20
const limits = { messagesPerSenderPerDay: BUDGET, updatesPerSubscriberPerDay: 3, callsPerNumberPerHour: 2 }

const isAnswered = ({ ncco }: { ncco: unknown[] }) => ncco.length > 0

const folder = mkdtempSync(join(tmpdir(), 'switchboard-budget-'))
let stack: TestStack
let simulator: OwnSimulator

beforeAll(async () => {
  const file = join(folder, 'switchboard.config.json')
  const shared: object = JSON.parse(readFileSync(join(import.meta.dirname, '../support/e2e.config.json'), 'utf8'))
  writeFileSync(file, JSON.stringify({ ...shared, limits }))
  stack = await startTestStack({ redisServerUrl: inject('redisUrl'), env: { SWITCHBOARD_CONFIG: file } })
  simulator = connectOwnSimulator(stack)
})
afterAll(async () => {
  await stack[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

test('a subscriber who texted a topic gets the updates of a day, and no more', async () => {
  const whatsapp = simulator.phone('whatsapp')
  await whatsapp.sends('MSFT')
  await whatsapp.expects(/You now receive MSFT/)
  for (let update = 0; update < limits.updatesPerSubscriberPerDay; update += 1) await whatsapp.expects(/^MSFT \d/)
  // The feed goes on every two seconds.
  await whatsapp.expectsNothing(5_000)
})

test('a number that calls again and again is not connected', async () => {
  const from = '447700955555'
  const connects: boolean[] = []
  for (let call = 0; call < limits.callsPerNumberPerHour + 1; call += 1) {
    const caller = await dial(stack.addresses.simulator, from)
    const { ncco } = await caller.until(isAnswered, 'the call is answered')
    connects.push(ncco.some(({ action }) => action === 'connect'))
    await caller.hangsUp()
  }
  expect(connects).toEqual([true, true, false])
})

test('a number that alerts have called as often as they may is passed over: the next channel has the alert', async () => {
  const alerts = createAlertClient(stack.addresses)
  const line = simulator.line()
  const other = simulator.phone('viber_service')
  const people = [{ name: 'Tony', phones: [line, other] }]
  for (let call = 0; call < limits.callsPerNumberPerHour; call += 1) {
    const id = await alerts.start(people, `db-${call} is down`)
    const ringing = await line.rings()
    await ringing.answers()
    await ringing.presses('1')
    await alerts.until(id, 'attended')
    await ringing.until('completed')
  }
  const id = await alerts.start(people, 'db-9 is down')
  await other.expects(/db-9 is down/)
  expect(await line.count()).toBe(limits.callsPerNumberPerHour)
  const { timeline } = await alerts.until(id, 'Tony/viber_service')
  expect(timeline).toContainEqual(expect.objectContaining({ event: 'passed-over', channel: 'voice' }))
})

test('the budget of a sender: feeds, notifications, replies stop; a STOP is confirmed, an alert is sent', async () => {
  const alerts = createAlertClient(stack.addresses)
  const optsOut = simulator.phone('sms')
  const notify = (number: string) => alerts.post('/api/notifications', { number, template: 'delivery' })
  const sentByUs = async () => (await simulator.log()).filter(({ url }) => url.includes('/v1/messages')).length
  const before = await sentByUs()
  for (let sent = 0; sent < BUDGET + 10; sent += 1) await notify(simulator.phone('sms').address)
  // Notifications stop at nine tenths of it; replies do not.
  await eventually(async () => expect((await sentByUs()) - before).toBeGreaterThanOrEqual(BUDGET * 0.9))
  const late = simulator.phone('sms')
  await eventually(async () => {
    await notify(late.address)
    const page = await connectConsole(stack.addresses.console, stack.addresses.consolePassword)
    expect(await (await page.get('/')).text()).toMatch(/SMS from 447700900000 has used \d+ % of its budget/)
  })
  for (let asked = 0; asked < BUDGET; asked += 1) await simulator.phone('sms').sends('hello')
  await eventually(async () => {
    const page = await connectConsole(stack.addresses.console, stack.addresses.consolePassword)
    expect(await (await page.get('/')).text()).toMatch(/feeds, notifications, replies/)
  })
  const asks = simulator.phone('sms')
  await asks.sends('hello')
  await asks.expectsNothing(3_000)
  await optsOut.sends('STOP')
  await optsOut.expects(/You will not receive any more messages/)
  const woken = simulator.phone('sms')
  const phones = [woken, simulator.phone('whatsapp')]
  await alerts.start([{ name: 'Tony', phones }], 'Main server down')
  await woken.expects(/Main server down/)
  expect(readFileSync(stack.logFile, 'utf8')).toContain('budget.reached')
})
