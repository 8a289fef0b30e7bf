import { setTimeout as delay } from 'node:timers/promises'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { shareContext } from '../../services/simulator/test/browser.ts'
import { findFaintText, findViolations } from '../../services/simulator/test/violations.ts'
import { openSharedBrowser } from '../support/browser.ts'
import { PATIENCE_MS, eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const stack = inject('stack')
const url = `${stack.ingress}/signup`
const simulator = connectSimulator(stack.simulator)
const api = createSwitchboardApi(stack)

let browser: Browser | undefined
beforeAll(async () => {
  browser = await openSharedBrowser()
})
afterAll(() => browser?.close())

/** Beside each other: they have phones of their own, and wait most of their time. */
describe.concurrent.for([true, false])('JavaScript: %s', (javaScriptEnabled) => {
  async function openPage(): Promise<Page> {
    // Of its own: whoever sends a form of theirs has ended the others of the same browser.
    const context = await browser!.newContext({ javaScriptEnabled })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.goto(url)
    return page
  }

  test.concurrent('SMS: asks first, and only a YES starts the updates', async (context) => {
    if (!browser) return context.skip('there is no Chromium here')
    const phone = simulator.phone('sms')
    const page = await openPage()
    await signUp(page, 'SMS', `+${phone.address}`, 'MSFT')
    await page.getByRole('heading', { name: 'Look at your phone' }).waitFor()
    await phone.expects(/Somebody asked for MSFT updates to this number. Reply YES/)
    await phone.expectsNothing(2_500)
    await phone.sends('Yes')
    await phone.expects(/You now receive MSFT updates here/)
    await phone.expects(/^MSFT \d+/)
    expect(await api.get(`/api/consent?address=${phone.address}`)).toMatchObject({
      people: [{ state: 'in', history: [{ source: 'signup', words: 'Yes', channel: 'sms' }] }],
    })
    await phone.sends('STOP')
    await page.context().close()
  })

  test.concurrent('Viber: one link confirms, the other ends', async (context) => {
    if (!browser) return context.skip('there is no Chromium here')
    const phone = simulator.phone('viber_service')
    const page = await openPage()
    await signUp(page, 'Viber', phone.address, 'GOOGL')
    const { text } = await phone.expects(/To get them: http\S+ .*http\S+/)
    const [confirm = '', decline = ''] = text.match(/http\S+/g) ?? []
    // A preview of the link confirms nothing.
    expect((await fetch(confirm)).status).toBe(200)
    await phone.expectsNothing(2_500)
    await page.goto(confirm)
    await page.getByRole('button', { name: 'Yes, send them' }).click()
    await page.getByRole('heading', { name: 'You get GOOGL updates now.' }).waitFor()
    await phone.expects(/You now receive GOOGL updates here. To end them: http/)
    await phone.expects(/^GOOGL \d+/)
    await page.goto(decline)
    await page.getByRole('button', { name: 'Do not send them' }).click()
    await page.getByRole('heading', { name: 'Nothing will be sent' }).waitFor()
    await eventually(async () => expect(await subscribers('GOOGL')).not.toContain(phone.address))
    // What Vonage had taken by then arrives.
    await delay(1_000)
    await phone.skips()
    await phone.expectsNothing(4_500)
    await page.context().close()
  })

  test.concurrent('says what is wrong, at the field and at the top, and keeps what was entered', async (context) => {
    if (!browser) return context.skip('there is no Chromium here')
    const page = await openPage()
    await page.getByLabel('Phone number').fill('12')
    await page.getByRole('button').click()
    const summary = page.getByRole('alert')
    await summary.waitFor()
    expect(await summary.innerText()).toMatch(/Choose where[^]*not a phone number[^]*Choose a topic/)
    expect(await page.title()).toMatch(/^Error: /)
    const number = page.getByLabel('Phone number')
    expect(await number.inputValue()).toBe('12')
    expect(await number.getAttribute('aria-invalid')).toBe('true')
    const described = (await number.getAttribute('aria-describedby')) ?? ''
    for (const id of described.split(' ')) expect(await page.locator(`#${id}`).count()).toBe(1)
    await summary.getByRole('link', { name: /Choose a topic/ }).click()
    const phone = simulator.phone('sms')
    await signUp(page, 'SMS', phone.address.replace(/^44/, '0'), 'MSFT')
    await page.getByRole('heading', { name: 'Look at your phone' }).waitFor()
    await phone.expects(/Reply YES/)
    await page.context().close()
  })
})

test('no page breaks a rule of WCAG 2 AA, nor needs to be scrolled sideways: light, dark, small', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const page = await (await shareContext(browser, url, {})).newPage()
  const check = async () => {
    for (const width of [320, 1_280]) {
      await page.setViewportSize({ width, height: 640 })
      expect.soft(await findViolations(page)).toEqual([])
      expect.soft(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    }
    await page.emulateMedia({ colorScheme: 'dark' })
    expect.soft(await findFaintText(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
  }
  await page.goto(url)
  await check()
  await page.getByRole('button').click()
  await page.getByRole('alert').waitFor()
  await check()
  const phone = simulator.phone('viber_service')
  await signUp(page, 'Viber', phone.address, 'MSFT')
  await page.getByRole('heading', { name: 'Look at your phone' }).waitFor()
  await check()
  const { text } = await phone.expects(/http/)
  for (const link of text.match(/http\S+/g) ?? []) {
    await page.goto(link)
    await check()
  }
  await page.close()
})

async function subscribers(topic: string): Promise<string> {
  return JSON.stringify(await api.get(`/api/subscriptions?topic=${topic}`))
}

async function signUp(page: Page, channel: string, number: string, topic: string): Promise<void> {
  await page.getByRole('radio', { name: channel }).check()
  await page.getByLabel('Phone number').fill(number)
  await page.getByRole('radio', { name: topic }).check()
  await page.getByRole('button').click()
}
