import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { openBrowser } from '../support/browser.ts'
import { openConsole } from '../support/console-page.ts'
import { eventually } from '../support/eventually.ts'
import { connectSimulator, newAddress } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const stack = inject('stack')
const simulator = connectSimulator(stack.simulator)
const api = createSwitchboardApi(stack)

let browser: Browser | undefined
beforeAll(async () => {
  // The whole of it: what all tests share may be without notifications.
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** The real ones, and a note of each that the page makes. */
const noteThem = `
  const Real = window.Notification
  window.made = []
  window.Notification = class extends Real {
    constructor(title, options) {
      super(title, options)
      window.made.push(title + ': ' + options.body)
    }
  }`

async function openPage(permissions: string[]): Promise<Page | undefined> {
  if (!browser) return undefined
  const { page } = await openConsole(browser, { url: stack.console, password: stack.consolePassword, isAlone: true })
  await page.context().grantPermissions(permissions)
  await page.addInitScript(noteThem)
  await page.goto('/notifications')
  return page
}

const made = async (page: Page): Promise<string[]> => page.evaluate('window.made')

test('who wishes hears of what needs a person and of alerts, once each, while a page is open', async ({ skip }) => {
  const page = await openPage(['notifications'])
  if (!page) return skip('there is no Chromium here')
  const bell = page.getByRole('button', { name: 'Tell me in the browser' })
  expect(await bell.getAttribute('aria-pressed')).toBe('false')
  await bell.click()
  await eventually(async () => expect(await bell.getAttribute('aria-pressed')).toBe('true'))
  await page.waitForLoadState()
  const phone = simulator.phone('sms')
  await phone.sends('please stop texting me')
  const word = `Boiler${newAddress('sms')}`
  await api.post('/api/alerts', { policy: 'oncall', text: `${word} is out` })
  await eventually(async () => {
    const titles = await made(page)
    expect(titles).toContain(`Needs a person: …${phone.address.slice(-4)} sounds like an opt-out`)
    expect(titles).toContainEqual(expect.stringMatching(new RegExp(`^Alert A\\d+: ${word} is out$`)))
  })
  const titles = await made(page)
  expect(titles.filter((title) => title.includes(word))).toHaveLength(1)
  await page.context().close()
})

test('nothing is shown to whom did not wish it, and the page works all the same', async ({ skip }) => {
  const page = await openPage([])
  if (!page) return skip('there is no Chromium here')
  const phone = simulator.phone('sms')
  await phone.sends('please stop texting me')
  await page.getByRole('article').filter({ hasText: phone.address }).waitFor()
  expect(await made(page)).toEqual([])
  await page.context().close()
})
