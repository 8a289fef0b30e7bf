import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { openBrowser } from '../support/browser.ts'
import { dial } from '../support/caller.ts'
import { openConsole, seriousViolations } from '../support/console-page.ts'
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
  browser = await openBrowser()
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
    '/audit',
    '/configuration',
    '/search?q=',
  ]
})
afterAll(() => browser?.close())

describe.for([
  { colorScheme: 'light', width: 1_280 },
  { colorScheme: 'dark', width: 1_280 },
  { colorScheme: 'light', width: 360 },
] as const)('$colorScheme, $width pixels wide', (look) => {
  test('axe-core finds nothing serious, nothing is wider than the screen, nothing complains', async (context) => {
    if (!browser) return context.skip('there is no Chromium here')
    const { page, complaints } = await openConsole(browser, { url, password, ...look })
    const problems: string[] = []
    for (const path of paths) {
      await page.goto(path, { waitUntil: 'domcontentloaded' })
      problems.push(...(await seriousViolations(page)))
      const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
      if (overflow > 0) problems.push(`${path} is ${overflow} pixels too wide`)
    }
    await page.context().close()
    expect(problems).toEqual([])
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([])
  })
})

test('by keyboard alone: skip link, search, theme', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const { page } = await openConsole(browser, { url, password })
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
  await page.context().close()
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
