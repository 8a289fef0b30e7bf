import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { openSharedBrowser } from '../support/browser.ts'
import { dial } from '../support/caller.ts'
import {
  inTheDark,
  loadProblems,
  openConsole,
  seriousViolations,
  shadeProblems,
  WATCH,
  widthProblems,
} from '../support/console-page.ts'
import { pagesWithout } from '../support/console-paths.ts'
import { eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'

const { console: url, consolePassword: password, simulator: simulatorUrl } = inject('stack')

const simulator = connectSimulator(simulatorUrl)
const api = createSwitchboardApi(inject('stack'))
let browser: Browser | undefined
let paths: string[] = []

/** Something on every page. */
beforeAll(async () => {
  browser = await openSharedBrowser()
  const phone = simulator.phone('sms')
  const { id } = Object(await api.post('/api/alerts', { policy: 'oncall', text: 'Disk full' }))
  const note = Object(await api.post('/api/notifications', { to: `+${phone.address}`, template: 'delivery' }))
  await phone.expects(/delivery/)
  await phone.sends('MSFT')
  const { message_uuid: uuid } = await phone.expects(/You now receive/)
  const call = await dial(simulatorUrl)
  await call.until(({ frames }) => (frames?.echoed ?? 0) > 0, 'an echo')
  await call.hangsUp()
  await eventually(() => api.get(`/api/calls/${call.uuid}`))
  paths = [
    '/',
    '/alerts',
    '/alerts?show=all',
    '/alerts/new',
    `/alerts/${id}`,
    '/notifications',
    `/notifications/${note.id}`,
    '/people',
    '/people?topic=MSFT',
    `/people/tel.${phone.address}`,
    '/calls',
    `/calls/${call.uuid}`,
    '/messages',
    // Leads to the page of the message.
    `/search?q=${uuid}`,
    '/failed',
    '/queue/outbound-sms?state=completed',
    '/audit',
    '/configuration',
    '/accounts',
    '/tokens',
    '/account',
    '/mailings',
    '/search?q=',
  ]
})
afterAll(() => browser?.close())

test('some path leads to every page', () => {
  // A search for what is there leads on, to the page of the message; the others have tests of their own.
  const elsewhere = [
    '/account/second-factor',
    '/failed/:queue/:id',
    '/mailings/:id',
    '/mailings/:id/preview',
    '/messages/:id',
  ]
  expect(pagesWithout(paths)).toEqual(elsewhere)
})

test.for([[1_440, 900], [390]] as const)(
  '%j pixels wide: nothing moves, no page is large, waits for much, is too wide or cut; axe-core finds nothing serious',
  async (widths, context) => {
    if (!browser) return context.skip('there is no Chromium here')
    const [width] = widths
    const { page, complaints } = await openConsole(browser, { url, password, width })
    await page.addInitScript(WATCH)
    const problems: string[] = []
    for (const path of paths) {
      await page.setViewportSize({ width, height: 900 })
      problems.push(...(await loadProblems(page, path)), ...(await seriousViolations(page)))
      if (width === 1_440) problems.push(...(await inTheDark(page, shadeProblems)))
      for (const each of widths) problems.push(...(await widthProblems(page, each)))
    }
    await page.close()
    expect(problems).toEqual([])
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([])
  },
)

test('by keyboard alone: login, skip link, search, theme', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const stranger = await browser.newContext({ baseURL: url })
  const page = await stranger.newPage()
  await page.goto('/')
  await page.getByLabel('Your name').focus()
  await page.keyboard.type('Ada')
  await page.keyboard.press('Tab')
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
  await page.keyboard.press('/')
  await page.keyboard.type('MSFT')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/people?topic=MSFT')
  await page.getByRole('button', { name: 'Switch between light and dark' }).press('Enter')
  await page.reload()
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
  await stranger.close()
})

test('pages work without JavaScript', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const plain = await browser.newContext({ baseURL: url, javaScriptEnabled: false })
  const page = await plain.newPage()
  await page.goto('/audit')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Audit trail' }).waitFor()
  await page.goto('/')
  await page.getByRole('heading', { name: 'Queues' }).waitFor()
  await plain.close()
})

test('times are those of the reader, the zone is said, and a tap shows one exactly', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const { page } = await openConsole(browser, { url, password, timezoneId: 'Asia/Kolkata' })
  await page.goto('/audit')
  await page.getByText('those of Asia/Calcutta, UTC+05:30').waitFor()
  const time = page.locator('td time').first()
  const at = new Date(String(await time.getAttribute('datetime')))
  const there = at.toLocaleTimeString('en-GB', { timeZone: 'Asia/Kolkata' })
  await expect.poll(() => time.textContent()).toContain(there)
  await time.click()
  await expect.poll(() => time.textContent()).toMatch(/^\d{4}-\d\d-\d\d [\d:]{8}\.\d{3} \+05:30$/)
  await page.close()
})

test('a page that hears nothing says so, and goes on by itself', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const { page } = await openConsole(browser, { url, password })
  await page.route('**/alerts/live*', (route) => route.abort())
  await page.goto('/alerts')
  await page.getByText(/This page is out of date. It shows what was known at \d\d:\d\d:\d\d/).waitFor()
  await page.unroute('**/alerts/live*')
  await page.getByText('This page is out of date.').waitFor({ state: 'hidden' })
  await page.close()
})

test('on a phone every page is in the menu', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const { page } = await openConsole(browser, { url, password, width: 390 })
  await page.goto('/')
  for (const name of ['People', 'Failed jobs', 'Audit trail', 'Configuration']) {
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('navigation', { name: 'Pages', exact: true }).waitFor({ state: 'hidden' })
  }
  await page.close()
})

test('by keys: from page to page, down a list, into an alert, which is acknowledged', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const { id } = Object(await api.post('/api/alerts', { policy: 'oncall', text: 'Taken by keys alone' }))
  const { page } = await openConsole(browser, { url, password })
  await page.goto('/')
  await page.keyboard.press('?')
  const keys = page.getByRole('dialog', { name: 'Keys' })
  await keys.waitFor()
  await page.keyboard.press('Escape')
  await keys.waitFor({ state: 'hidden' })
  // As somebody does it: again, when nothing happens.
  await eventually(async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('a')
    await page.waitForURL('**/alerts', { timeout: 5_000 })
  })
  await page.getByRole('link', { name: /Taken by keys alone/ }).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/alerts/*')
  await page.goto(`/alerts/${id}`)
  await page.getByRole('button', { name: 'Acknowledge' }).waitFor()
  await page.keyboard.press('a')
  await page.locator('.notice', { hasText: 'Ada acknowledged it' }).waitFor()
  await page.close()
})

test('can be installed: manifest and icons are there', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const { page } = await openConsole(browser, { url, password })
  await page.goto('/')
  const manifest = Object(await (await page.request.get('/assets/manifest.webmanifest')).json())
  for (const { src } of manifest.icons)
    expect((await page.request.get(src)).headers()['content-type']).toBe('image/png')
  expect(await page.locator('link[rel="manifest"]').count()).toBe(1)
  await page.close()
})
