import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test as plainTest } from 'vitest'

import { openSharedBrowser } from '../support/browser.ts'
import { seriousViolations } from '../support/console-page.ts'
import { openSimulatorPage } from '../support/simulator-page.ts'
import type { SimulatorPage } from '../support/simulator-page.ts'

/** Somebody who reads nothing clicks what there is to click. The demo of e2e.config.json has steps of two seconds. */
const stack = inject('stack')
const ALICE = '447700900010'
const MICHAEL = '447700900012'

let browser: Browser | undefined
beforeAll(async () => {
  browser = await openSharedBrowser()
})
afterAll(() => browser?.close())

const test = plainTest.extend<{ open: (width?: number, colorScheme?: 'light' | 'dark') => Promise<SimulatorPage> }>({
  async open({ skip }, use) {
    const known = browser
    if (!known) return skip('there is no Chromium here')
    const opened: SimulatorPage[] = []
    await use(async (width = 1_440, colorScheme = 'light') => {
      const page = await openSimulatorPage(known, stack.simulator, { viewport: { width, height: 900 }, colorScheme })
      opened.push(page)
      return page
    })
    for (const page of opened) await page[Symbol.asyncDispose]()
    expect(opened.flatMap(({ errors }) => errors)).toEqual([])
  },
})

const item = (page: Page, name: string) => page.locator(`[data-try=${name}]`)
const headline = (page: Page, text: string | RegExp) => page.locator('.walk-headline', { hasText: text }).waitFor()

test('one click, and the alert is seen to move to the second person; his look ends it', async ({ open }) => {
  const { page } = await open()
  await page.getByRole('button', { name: 'Start the demo alert' }).click()
  await headline(page, 'Tony’s Messenger rings')
  await page.locator('.phone.is-ringing .notice', { hasText: 'Main server down' }).first().waitFor()
  await headline(page, /^Michael’s .* rings$/)
  // His phone has come onto the stage by itself.
  const michael = page.locator(`.phone[data-person="${MICHAEL}"]`)
  await michael.locator('.notice', { hasText: 'Main server down' }).first().waitFor()
  await page.locator('.walk-person[data-name=Tony] .walk-step[data-state=unanswered]').nth(1).waitFor()
  await michael.locator('.app[data-channel=whatsapp]').click()
  await headline(page, 'Michael has it')
  await page.locator('.walk-step[data-state=seen]', { hasText: 'WhatsApp' }).waitFor()
  await page.getByRole('button', { name: 'Start another' }).waitFor()
})

test('the walk is there after a reload, can be cancelled, and says so', async ({ open }) => {
  const { page } = await open()
  await page.getByRole('button', { name: /Start/ }).click()
  await headline(page, 'Tony’s Messenger rings')
  await page.reload()
  await headline(page, 'rings')
  await page.getByRole('button', { name: 'Cancel it' }).click()
  await headline(page, 'Cancelled')
})

test('MSFT, then a notification and its answer, then STOP; the next one is not sent, and the page says why', async ({
  open,
}) => {
  const opened = await open()
  const { page } = opened
  const feed = item(page, 'feed')
  const notification = item(page, 'notification')
  await feed.getByRole('button', { name: 'Text MSFT' }).click()
  const alice = await opened.phone(ALICE)
  await alice.sees(/You now receive MSFT updates here/)
  await alice.sees(/^MSFT \d/)
  await notification.getByRole('button', { name: 'Send it' }).click()
  await notification.getByRole('button', { name: 'Reply 2' }).click()
  await notification.getByText('Alice chose 2, Thursday').waitFor()
  await alice.sees('Thank you for picking option 2')
  await feed.getByRole('button', { name: 'Text STOP' }).click()
  await alice.sees(/You will not receive any more messages/)
  await notification.getByRole('button', { name: 'Send it' }).click()
  await notification.getByText('Not sent: Alice has opted out').waitFor()
  await feed.getByRole('button', { name: 'Text START' }).click()
  await feed.getByRole('button', { name: 'Text MSFT' }).last().waitFor()
})

test('a call is connected to the echo', async ({ open }) => {
  const opened = await open()
  await item(opened.page, 'call').getByRole('button', { name: 'Call' }).click()
  const alice = await opened.phone(ALICE)
  await alice.element.getByText('Connected to the echo').waitFor()
  await alice.element.getByRole('button', { name: 'Hang up' }).click()
  await alice.element.getByText('Call ended').waitFor()
})

test('console and queues open in tabs of their own, logged in once; the address is good for nobody else', async ({
  open,
}) => {
  const { page } = await open()
  const press = (name: string) => item(page, name).getByRole('button').click()
  const ticket = page.context().waitForEvent('request', (request) => request.url().includes('/ticket?'))
  const [overview] = await Promise.all([page.context().waitForEvent('page'), press('console')])
  await overview.getByRole('heading', { name: 'Overview' }).waitFor()
  const address = (await ticket).url()
  const again = await fetch(address, { redirect: 'manual' })
  expect([again.status, again.headers.get('set-cookie')]).toEqual([403, null])
  const [board] = await Promise.all([page.context().waitForEvent('page'), press('queues')])
  await board.getByText('outbound-sms').first().waitFor()
  await overview.goto(new URL('/audit', overview.url()).href)
  await overview.getByText('Try it').first().waitFor()
  for (const tab of [overview, board]) await tab.close()
})

test.for([
  [1_440, 'light'],
  [900, 'dark'],
  [390, 'light'],
] as const)('at %i px, %s: nothing is cut off or hard to reach', async ([width, colorScheme], { open }) => {
  const { page } = await open(width, colorScheme)
  await page.getByRole('button', { name: /Start/ }).click()
  await headline(page, 'rings')
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
  expect(await seriousViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Cancel it' }).click()
  await headline(page, 'Cancelled')
})
