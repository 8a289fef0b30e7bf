import { setTimeout } from 'node:timers/promises'

import { beforeAll, expect, inject, test } from 'vitest'

import { createAlertClient } from '../support/alert-client.ts'
import type { AlertClient } from '../support/alert-client.ts'
import type { Phone } from '../support/phone.ts'
import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'

let simulator: Simulator
let alerts: AlertClient
beforeAll(() => {
  simulator = connectSimulator(inject('stack').simulator)
  alerts = createAlertClient(inject('stack'))
})

/** A call is the second channel of the second person. */
function oncall() {
  const tony = { sms: simulator.phone('sms'), other: simulator.phone('sms') }
  const line = simulator.line()
  const michael = { sms: simulator.phone('sms', line.address), line, other: simulator.phone('sms') }
  const ann = { sms: simulator.phone('sms'), other: simulator.phone('sms') }
  const people = [
    { name: 'Tony', phones: [tony.sms, tony.other], seconds: 1, waits: 1 },
    { name: 'Michael', phones: [michael.sms, michael.line, michael.other], seconds: [1] },
    { name: 'Ann', phones: [ann.sms, ann.other] },
  ]
  return { tony, michael, ann, people }
}

test.concurrent('the phone rings, says the alert, says it again for key 9, and key 1 ends it', async ({ expect }) => {
  const { tony, michael, people } = oncall()
  const id = await alerts.start(people, 'db-7 is down', { announce: true })
  const call = await michael.line.rings()
  await call.answers()
  await call.hears(/^db-7 is down\. Press 1 if you have it/)
  await call.presses('9')
  await expect.poll(() => call.heard(/^db-7 is down/), { timeout: 20_000 }).toBe(2)
  await call.presses('1')
  await call.hears(/^You have it/)
  const { attendedBy } = await alerts.until(id, 'attended')
  expect(attendedBy).toMatchObject({ user: 'Michael', channel: 'voice', how: 'call' })
  await call.until('completed')
  await tony.other.expects('Michael has it: db-7 is down')
  await michael.sms.expects('Michael has it: db-7 is down')
  const { timeline } = await alerts.until(id, 'attended')
  expect(timeline.filter(({ event }) => event === 'failed')).toEqual([])
  expect(await michael.line.count()).toBe(1)
})

test.concurrent('key 2 asks the next person now', async () => {
  const { michael, ann, people } = oncall()
  const id = await alerts.start(people, 'db-8 is down')
  const call = await michael.line.rings()
  await call.answers()
  await call.presses('2')
  await call.hears(/^It is passed on/)
  await ann.sms.expects(/^db-8 is down/)
  await call.until('completed')
  const { timeline } = await alerts.until(id, 'Ann/sms')
  expect(timeline.filter(({ event }) => event === 'passed-on')).toMatchObject([{ user: 'Michael', channel: 'voice' }])
  // That the call ended is no news.
  expect(timeline.filter(({ event }) => event === 'failed')).toEqual([])
})

test.concurrent.each([
  ['declined', 'undeliverable: declined'],
  ['taken by a machine', 'undeliverable: a machine answered'],
  ['hung up without a key', 'undeliverable: no key was pressed'],
] as const)('a call that is %s: the next channel at once', async (how, reason) => {
  const { michael, people } = oncall()
  const id = await alerts.start(people, 'db-9 is down')
  const call = await michael.line.rings()
  if (how !== 'declined') await call.answers(how === 'taken by a machine' ? 'machine' : 'person')
  if (how === 'hung up without a key') await call.hears(/^db-9 is down/)
  if (how !== 'taken by a machine') await call.hangsUp()
  await michael.other.expects(/^db-9 is down/)
  const { timeline } = await alerts.until(id, 'Michael/sms')
  expect(timeline.filter(({ event }) => event === 'failed')).toMatchObject([{ channel: 'voice', reason }])
})

test.concurrent('a machine keeps the text where the policy says so, and then the next channel is tried', async () => {
  const { michael, people } = oncall()
  const id = await alerts.start(people, 'db-10 is down', { on_machine: 'leave_text' })
  const call = await michael.line.rings()
  await call.answers('machine')
  await call.hears(/^db-10 is down/)
  await call.until('completed')
  await michael.other.expects(/^db-10 is down/)
  // Once: a machine presses no key.
  expect(await call.heard(/^db-10 is down/)).toBe(1)
  const { timeline } = await alerts.until(id, 'Michael/sms')
  const reason = 'undeliverable: a machine answered, which has the text'
  expect(timeline.filter(({ event }) => event === 'failed')).toMatchObject([{ channel: 'voice', reason }])
})

/** Two alerts whose people have one phone; whoever is not heard on it gets a text. */
async function twoAlerts() {
  const line = simulator.line()
  const others = [simulator.phone('sms'), simulator.phone('sms')] as const
  const start = (other: Phone, text: string) => alerts.start([{ name: 'Michael', phones: [line, other] }], text)
  const ids = await Promise.all([start(others[0], 'rack 1 is hot'), start(others[1], 'rack 2 is hot')])
  return { line, others, ids }
}

/** One of them is said by now, and the other waits for the line. */
async function hearsOne({ line, ids }: Awaited<ReturnType<typeof twoAlerts>>) {
  const call = await line.rings()
  await call.answers()
  await call.hears(/^rack \d is hot/)
  await bothWait(ids)
  return call
}

/** One is said by now; the other has asked for the line, and looks for it every other second. */
async function bothWait(ids: string[]) {
  for (const id of ids) await alerts.until(id, 'Michael/voice')
  await setTimeout(3_000)
}

test.concurrent('two alerts ring one phone once: the second is said after the first, and answered by itself', async ({
  expect,
}) => {
  const two = await twoAlerts()
  const { line, ids } = two
  const call = await hearsOne(two)
  await call.presses('1')
  await expect.poll(() => call.heard(/^rack \d is hot/), { timeout: 20_000 }).toBe(2)
  await call.presses('9')
  await expect.poll(() => call.heard(/^rack \d is hot/), { timeout: 20_000 }).toBe(3)
  await call.presses('1')
  for (const id of ids) expect((await alerts.until(id, 'attended')).attendedBy).toMatchObject({ how: 'call' })
  await call.until('completed')
  expect(await line.count()).toBe(1)
})

test.concurrent('who hangs up on the alert that joined is asked about that one on the next channel', async ({
  expect,
}) => {
  const two = await twoAlerts()
  const { line, ids, others } = two
  const call = await hearsOne(two)
  await call.presses('1')
  await expect.poll(() => call.heard(/^rack \d is hot/), { timeout: 20_000 }).toBe(2)
  await call.hangsUp()
  await Promise.any(others.map((other) => other.expects(/^rack \d is hot/)))
  const where = await Promise.any([
    Promise.all([alerts.until(ids[0], 'attended'), alerts.until(ids[1], 'Michael/sms')]),
    Promise.all([alerts.until(ids[1], 'attended'), alerts.until(ids[0], 'Michael/sms')]),
  ])
  const failed = where[1].timeline.filter(({ event }) => event === 'failed')
  expect(failed).toMatchObject([{ channel: 'voice', reason: 'undeliverable: no key was pressed' }])
  expect(await line.count()).toBe(1)
})

test.concurrent('when the first call is not taken, the second is placed', async () => {
  const { line, ids } = await twoAlerts()
  await (await line.rings()).hangsUp()
  const second = await line.rings()
  await second.answers()
  await second.presses('1')
  await Promise.any(ids.map((id) => alerts.until(id, 'attended')))
  expect(await line.count()).toBe(2)
})
