import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { openSharedBrowser } from '../support/browser.ts'
import { openConsole, seriousViolations, WATCH } from '../support/console-page.ts'
import { connectSimulator } from '../support/simulator.ts'

const { console: url, consolePassword: password, simulator } = inject('stack')

/** What axe-core finds in Bull Board's own elements, which nothing of ours can change. */
const NOT_OURS = {
  'button-name': 'its buttons have a picture alone',
  'svg-img-alt': 'so has its link to Redis',
  listitem: 'its pages of a list are no list',
  'label-content-name-mismatch': 'its button of a queue that is limited is named otherwise than it reads',
}

let browser: Browser | undefined
beforeAll(async () => void (browser = await openSharedBrowser()))
afterAll(() => browser?.close())

test.for([
  { colorScheme: 'light', width: 1_440 },
  { colorScheme: 'dark', width: 390 },
] as const)(
  '$colorScheme, $width pixels: what is ours to set can be read, and little moves',
  async (looks, context) => {
    if (!browser) return context.skip('there is no Chromium here')
    const phone = connectSimulator(simulator).phone('sms')
    await phone.sends('hello')
    await phone.expects(/MSFT/)
    const { page } = await openConsole(browser, { url, password, ...looks })
    await page.addInitScript(WATCH)
    await page.goto('/queue/outbound-sms?state=completed')
    const newest = page.getByRole('region', { name: 'Jobs' }).getByRole('row').nth(1).getByRole('link').first()
    const job = String(await newest.getAttribute('href'))
    const problems: string[] = []
    for (const path of ['/queues/', '/queues/queue/outbound-sms?status=completed', job]) {
      await page.goto(path, { waitUntil: 'networkidle' })
      await page.getByText('outbound-sms').first().waitFor()
      // Lists have new jobs at any time.
      const moved = Number(await page.evaluate('window.moved'))
      if (!path.includes('?') && moved >= 0.02) problems.push(`${path} moves by ${moved}`)
      const found = await seriousViolations(page)
      problems.push(...found.filter((problem) => !Object.keys(NOT_OURS).some((id) => problem.includes(` ${id}: `))))
    }
    await page.close()
    expect(problems).toEqual([])
  },
)

test('asks nobody else for anything, and leads back', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  const { page, complaints } = await openConsole(browser, { url, password })
  await page.goto('/queues/')
  await page.getByRole('link', { name: 'Back to the console' }).first().waitFor()
  expect(await page.content()).not.toContain('googleapis')
  await page.goto('/queues/queue/outbound-sms')
  await page.getByRole('link', { name: 'Back to outbound-sms' }).first().waitFor()
  // A queue that is not there has no page to go back to.
  await page.goto('/queues/queue/nonsense')
  await page.getByRole('link', { name: 'Back to the console' }).first().waitFor()
  await page.close()
  expect(complaints).toEqual([])
})
