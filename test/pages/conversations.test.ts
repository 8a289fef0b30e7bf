import { setTimeout as delay } from 'node:timers/promises'

import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test as plainTest } from 'vitest'
import { z } from 'zod'

import { openSharedBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { openSimulatorPage } from '../support/simulator-page.ts'
import type { SimulatorPage } from '../support/simulator-page.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

/** Somebody sits at the simulator's page and talks to Switchboard; only what no phone can do goes through the API. */
const stack = inject('stack')
const api = createSwitchboardApi(stack)
const simulator = connectSimulator(stack.simulator)
const accepted = z.object({ id: z.string() })
/** A little more than two updates of a topic in e2e.config.json. */
const TWO_UPDATES_MS = 4_500

let browser: Browser | undefined
beforeAll(async () => {
  browser = await openSharedBrowser()
})
afterAll(() => browser?.close())

const test = plainTest.extend<{ open: (options?: BrowserContextOptions) => Promise<SimulatorPage> }>({
  async open({ skip }, use) {
    const known = browser
    if (!known) return skip('there is no Chromium here')
    const opened: SimulatorPage[] = []
    await use(async (options) => {
      const page = await openSimulatorPage(known, stack.simulator, { ...options, isAlone: true })
      opened.push(page)
      return page
    })
    for (const page of opened) await page[Symbol.asyncDispose]()
    expect(opened.flatMap(({ errors }) => errors)).toEqual([])
  },
})

test.concurrent('the feed: help, a topic, its prices, another topic, STOP', async ({ open }) => {
  const phone = await (await open()).newPhone(newAddress('sms'))
  await phone.opens('sms')
  await phone.types('hello')
  await phone.sees(/MSFT.*GOOGL/)
  await phone.types('msft please')
  await phone.sees(/You now receive MSFT updates here. Current value: \d/)
  await phone.sees(/^MSFT \d/)
  await phone.types('GOOGL')
  await phone.sees(/You now receive GOOGL updates here/)
  await phone.sees(/^GOOGL \d/)
  await phone.types('STOP')
  await phone.sees(/You will not receive any more messages/)
  await delay(TWO_UPDATES_MS)
  expect((await phone.received()).at(-1)).toMatch(/You will not receive any more messages/)
})

test.concurrent('the delivery notification: read on the phone, answered with 2, confirmed', async ({ open }) => {
  const number = newAddress('sms')
  const phone = await (await open()).newPhone(number)
  const { id } = accepted.parse(await api.post('/api/notifications', { to: number, template: 'delivery' }))
  await phone.isNotifiedOf('Your delivery is scheduled')
  await phone.opens('sms')
  await phone.sees(/reply 1 \(tomorrow\), 2 \(Thursday\) or 3 \(deliver to post office\)/)
  await phone.types('2')
  await phone.sees('Thank you for picking option 2. Your delivery is now fully scheduled in.')
  await shows(`/api/notifications/${id}`, { state: 'answered', choice: { option: '2', meaning: 'Thursday' } })
})

test.concurrent('the failover: Tony looks nowhere, Michael opens WhatsApp', async ({ open }) => {
  const page = await open()
  const tony = { name: 'Tony', number: newAddress('sms'), messenger: newAddress('messenger') }
  const michael = { name: 'Michael', number: newAddress('sms') }
  for (const person of [tony, michael]) await simulator.knows(person)
  const tonys = await page.phone(tony.number)
  const michaels = await page.phone(michael.number)
  await tonys.opens('messenger')
  await tonys.types('hello')
  await tonys.sees('MSFT')
  await tonys.goesHome()
  await michaels.opens('whatsapp')
  await michaels.types('hello')
  await michaels.sees('MSFT')
  await michaels.goesHome()

  const text = `Main server down (${newAddress('sms')})`
  const users = [
    {
      name: 'Tony',
      channels: [
        { type: 'messenger', id_num: tony.messenger, expiry_time: 2 },
        { type: 'sms', id_num: tony.number },
      ],
      final_wait: 2,
    },
    {
      name: 'Michael',
      channels: [
        { type: 'whatsapp', id_num: michael.number },
        { type: 'sms', id_num: michael.number },
      ],
    },
  ]
  const { id } = accepted.parse(await api.post('/api/alerts', { text, users }))
  const notices = tonys.element.locator('.notice', { hasText: text })
  await notices.filter({ hasText: 'Messenger' }).waitFor()
  await notices.filter({ hasText: 'SMS' }).waitFor()
  await michaels.isNotifiedOf(text)
  await michaels.opens('whatsapp')
  await michaels.sees(text)

  await shows(`/api/alerts/${id}`, {
    state: 'attended',
    attendedBy: { user: 'Michael', channel: 'whatsapp', how: 'read' },
  })
  // Nobody has opened them.
  expect(await notices.count()).toBe(2)
})

// Alone: sound suffers first when the machine is busy.
test('the echo: what the microphone hears comes back', async ({ open }) => {
  const number = newAddress('sms')
  const page = await open({ permissions: ['microphone'] })
  const { element } = await page.newPhone(number)
  await element.getByRole('button', { name: 'Call our number' }).click()
  await element.getByText('Connected to the echo').waitFor()
  await element.getByText('microphone').waitFor()
  for (const name of ['You level', 'Echo level']) {
    const meter = element.getByRole('meter', { name })
    await eventually(async () => expect(Number(await meter.getAttribute('aria-valuenow'))).toBeGreaterThan(20))
  }
  await element.getByRole('button', { name: 'Hang up' }).click()
  await element.getByText('Call ended').waitFor()
  await shows('/api/calls?limit=100', {
    calls: expect.arrayContaining([expect.objectContaining({ from: number, state: 'completed' })]),
  })
})

/** The answer of the API, once it looks like this. */
function shows(path: string, expected: object): Promise<void> {
  return eventually(async () => expect(await api.get(path)).toMatchObject(expected))
}
