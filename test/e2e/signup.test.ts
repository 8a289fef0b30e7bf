import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { openBrowser } from '../support/browser.ts'
import { PATIENCE_MS, eventually } from '../support/eventually.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'

let simulator: Simulator
let api: SwitchboardApi
let browser: Browser | undefined
const { ingress } = inject('stack')
const url = `${ingress}/signup`
beforeAll(async () => {
  simulator = connectSimulator(inject('stack').simulator)
  api = createSwitchboardApi(inject('stack'))
  browser = await openBrowser()
})
afterAll(() => browser?.close())

describe.for([true, false])('the page, JavaScript: %s', (javaScriptEnabled) => {
  async function openPage(): Promise<Page> {
    const context = await browser!.newContext({ javaScriptEnabled })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.goto(url)
    return page
  }

  test('SMS: asks first, and only a YES starts the updates', async (context) => {
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

  test('Viber: one link confirms, the other ends', async (context) => {
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
    await phone.skips()
    await phone.expectsNothing(4_500)
    await page.context().close()
  })

  test('says what is wrong, at the field and at the top, and keeps what was entered', async (context) => {
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

describe('for everybody', () => {
  test.for([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['small', { viewport: { width: 320, height: 640 } }],
  ] as const)(
    'no page breaks a rule of WCAG 2 AA, nor needs to be scrolled sideways: %s',
    async ([, options], context) => {
      if (!browser) return context.skip('there is no Chromium here')
      // The policy of the pages allows no script but their own; the checker is one.
      const page = await (await browser.newContext({ ...options, bypassCSP: true })).newPage()
      const check = async () => {
        await page.addScriptTag({ content: axe.source })
        expect.soft(await page.evaluate<string[]>(FIND_VIOLATIONS)).toEqual([])
        expect.soft(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
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
      await page.context().close()
    },
  )
})

const FIND_VIOLATIONS = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`

describe('the page without a browser', () => {
  test('WhatsApp gets the template; a NO ends it, and the number is left in peace', async () => {
    const number = newAddress('whatsapp')
    const phone = simulator.phone('whatsapp', number)
    await submit({ channel: 'whatsapp', number, topic: 'MSFT' })
    await eventually(async () => {
      const entries = (await simulator.log()).map((entry) => JSON.stringify(entry))
      expect(entries.some((entry) => entry.includes('shop:signup') && entry.includes(number))).toBe(true)
    })
    await phone.expects('shop:signup')
    await phone.sends('no')
    // Whose answer shows that what came before it has been handled.
    const other = simulator.phone('sms')
    await other.sends('hello')
    await other.expects(/MSFT/)
    await submit({ channel: 'whatsapp', number, topic: 'MSFT' })
    await phone.expectsNothing(1_500)
    expect(await subscribers('MSFT')).not.toContain(number)
  })

  test('answers the same whether a number is subscribed, new, opted out or over its limit', async () => {
    const subscriber = simulator.phone('sms')
    await subscriber.sends('NIGHT')
    await subscriber.expects(/You now receive NIGHT/)
    const optedOut = simulator.phone('sms')
    await optedOut.sends('STOP')
    await optedOut.expects(/not receive any more/)
    const numbers = [subscriber.address, optedOut.address, newAddress('sms')]
    const often = newAddress('sms')
    for (let count = 0; count < 3; count += 1) await submit({ channel: 'sms', number: often, topic: 'MSFT' })
    const answers = await Promise.all(
      [...numbers, often].map(async (number) => {
        const { status, headers } = await submit({ channel: 'sms', number, topic: 'NIGHT' })
        return [status, headers.get('location')]
      }),
    )
    expect(answers).toEqual(answers.map(() => [303, '/signup/sent']))
    await Promise.all([subscriber.expectsNothing(800), optedOut.expectsNothing(800)])
    const phone = simulator.phone('sms', often)
    expect(await phone.received()).toHaveLength(3)
  })

  test('a form sent twice asks once', async () => {
    const phone = simulator.phone('sms')
    const form = { channel: 'sms', number: phone.address, topic: 'MSFT' }
    const browserForm = await loadForm()
    await Promise.all([submit(form, browserForm), submit(form, browserForm)])
    await phone.expects(/Reply YES/)
    await phone.expectsNothing(800)
  })

  test('a form of another site, or without its cookie, is not taken', async () => {
    const form = { channel: 'sms', number: newAddress('sms'), topic: 'MSFT' }
    const { token } = await loadForm()
    const mine = await loadForm()
    for (const credentials of [
      { token, cookie: mine.cookie },
      { token, cookie: '' },
      { token: 'x', cookie: mine.cookie },
    ]) {
      const response = await submit(form, credentials)
      expect(response.status).toBe(403)
      expect(await response.text()).toContain('Please send it again')
    }
    await simulator.phone('sms', form.number).expectsNothing(500)
  })

  test('a program that fills in the hidden field gets nothing', async () => {
    const number = newAddress('sms')
    expect((await submit({ channel: 'sms', number, topic: 'MSFT', website: 'x' })).status).toBe(303)
    await simulator.phone('sms', number).expectsNothing(800)
  })

  test.for(['/signup/confirm/x', '/signup/decline/signup-abc.zzzzzz.AAAAAAAAAAAAAAAAAAAAAA'])(
    '%s is not a link of ours',
    async (path) => {
      expect((await fetch(`${ingress}${path}`)).status).toBe(404)
    },
  )
})

async function subscribers(topic: string): Promise<string> {
  return JSON.stringify(await api.get(`/api/subscriptions?topic=${topic}`))
}

async function loadForm(): Promise<{ token: string; cookie: string }> {
  const response = await fetch(url)
  const token = /name="token" value="([^"]+)"/.exec(await response.text())?.[1] ?? ''
  return { token, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

async function submit(
  fields: Record<string, string>,
  credentials?: { token: string; cookie: string },
): Promise<Response> {
  const { token, cookie } = credentials ?? (await loadForm())
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie },
    body: new URLSearchParams({ ...fields, token }),
  })
}

async function signUp(page: Page, channel: string, number: string, topic: string): Promise<void> {
  await page.getByRole('radio', { name: channel }).check()
  await page.getByLabel('Phone number').fill(number)
  await page.getByRole('radio', { name: topic }).check()
  await page.getByRole('button').click()
}
