import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { openSharedBrowser } from '../support/browser.ts'
import { connectConsole } from '../support/console-client.ts'
import { openConsole, seriousViolations } from '../support/console-page.ts'
import { eventually } from '../support/eventually.ts'
import type { Phone } from '../support/phone.ts'
import { readMetric } from '../support/read-metric.ts'
import { connectOwnSimulator } from '../support/simulator.ts'
import type { OwnSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

/** What Vonage says of the account and of the day holds everybody: one after the other, on a stack of their own. */
let stack: TestStack
let simulator: OwnSimulator
let api: SwitchboardApi
beforeAll(async () => {
  stack = await startTestStack({ redisServerUrl: inject('redisUrl') })
  simulator = connectOwnSimulator(stack)
  api = createSwitchboardApi(stack.addresses)
})
afterAll(() => stack?.[Symbol.asyncDispose]())

const accepted = z.object({ id: z.string() })

async function notify({ channel, address: to }: Phone): Promise<string> {
  return accepted.parse(await api.post('/api/notifications', { to, channel, template: 'delivery' })).id
}

async function alert(text: string, phones: Phone[], seconds: number): Promise<string> {
  const channels = phones.map(({ channel, address }) => ({ type: channel, id_num: address, expiry_time: seconds }))
  const users = [{ name: 'Alice', channels, final_wait: seconds }]
  return accepted.parse(await api.post('/api/alerts', { text, users })).id
}

function shows(path: string, expected: object): Promise<void> {
  return eventually(async () => expect(await api.get(path)).toMatchObject(expected))
}

const isBlocked = { state: 'walking', blockedSince: expect.any(String) }
const blockedAlerts = () => readMetric(stack, 'console', 'switchboard_alerts_blocked')
const fault = (phone: Phone, status: number, more: object = {}) =>
  simulator.breaks({ target: 'send', kind: 'status', status, times: null, address: phone.address, ...more })

test('no credit: nothing is lost, every page says why, and whoever has paid opens the sender', async () => {
  const { console: url, consolePassword: password } = stack.addresses
  const [first, second, third, viber] = [
    simulator.phone('sms'),
    simulator.phone('sms'),
    simulator.phone('sms'),
    simulator.phone('viber_service'),
  ]
  const browser = await openSharedBrowser()
  const opened = browser && (await openConsole(browser, { url, password }))
  await opened?.page.goto('/')
  const looking = await opened?.page.context().newPage()
  await looking?.goto('/people')
  for (const phone of [first, second, third]) await fault(phone, 402)
  await notify(first)
  await notify(second)
  const client = await connectConsole(url, password)
  const page = async (path: string) => (await client.get(path)).text()
  await eventually(async () => expect(await page('/people')).toMatch(/SMS is held[\s\S]*needs credit/))

  // An alert does not wait for it, and one that has no other way is not said to be exhausted.
  await alert('Database down', [third, viber], 600)
  await viber.expects(/Database down/)
  const only = await alert('Disk full', [third, third], 600)
  await shows(`/api/alerts/${only}`, isBlocked)
  await eventually(async () => expect(await blockedAlerts()).toBe(1))

  await simulator.heals()
  await eventually(async () => expect((await page('/')).match(/is held/g)).toHaveLength(1))
  if (browser && opened && looking) {
    const { page: tab, complaints } = opened
    const isHeld = looking.getByText('SMS is held')
    // A page that was open before.
    await isHeld.waitFor()
    await tab.reload()
    expect(await seriousViolations(tab)).toEqual([])
    if (process.env['SCREENSHOTS']) await tab.screenshot({ path: `${process.env['SCREENSHOTS']}/held.png` })
    await tab.goto(`/alerts/${only}`)
    await tab.getByText('could not be asked because Vonage').waitFor()
    if (process.env['SCREENSHOTS'])
      await tab.screenshot({ path: `${process.env['SCREENSHOTS']}/blocked.png`, fullPage: true })
    await tab.getByRole('button', { name: 'Open now' }).click()
    await tab.waitForURL(`**/alerts/${only}`)
    await isHeld.waitFor({ state: 'detached' })
    expect(looking.url()).toMatch(/\/people$/)
    expect(complaints).toEqual([])
    await browser.close()
  } else await client.post('/senders/open', { channel: 'sms', sender: '447700900000' })

  for (const phone of [first, second]) await phone.expects(/Your delivery/)
  await third.expects(/Disk full/)
  expect(await page('/')).not.toContain('is held')
  await third.sends('ok')
  await shows(`/api/alerts/${only}`, { state: 'attended', attendedBy: { how: 'reply' } })
  await eventually(async () => expect(await blockedAlerts()).toBe(0))
})

test('an outage longer than the whole list: the alert waits for its end, and then asks', async () => {
  const phone = simulator.phone('sms')
  await fault(phone, 503)
  const id = await alert('Main server down', [phone, phone], 2)
  await shows(`/api/alerts/${id}`, isBlocked)
  await phone.expectsNothing(100)
  await simulator.heals()
  await phone.expects(/Main server down/)
})

test('a failed job that somebody retries is really sent', async () => {
  const { console: url, consolePassword: password } = stack.addresses
  const phone = simulator.phone('sms')
  await fault(phone, 422, { times: 1 })
  const id = await notify(phone)
  await shows(`/api/notifications/${id}`, { message: { state: 'refused' } })
  const client = await connectConsole(url, password)
  await phone.expectsNothing(100)
  await client.post('/failed', { queue: 'outbound-sms', action: 'retry', scope: 'fitting' })
  await phone.expects(/Your delivery/)
  await shows(`/api/notifications/${id}`, { message: { state: 'delivered' } })
})

test('a gateway that gives up after it has passed a message on: it is not sent a second time', async () => {
  const phone = simulator.phone('sms')
  await fault(phone, 504, { times: 1 })
  const id = await notify(phone)
  await shows(`/api/notifications/${id}`, { message: { state: 'unknown' } })
  await phone.expectsNothing(2_000)
})
