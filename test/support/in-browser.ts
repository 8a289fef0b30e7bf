import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { openSharedBrowser } from './browser.ts'
import { openConsole } from './console-page.ts'

const { console: url, consolePassword: password } = inject('stack')

let browser: Browser | undefined
beforeAll(async () => {
  browser = await openSharedBrowser()
})
afterAll(() => browser?.close())

/** A test with a page in which Ada is logged in to the console; whatever it complains of fails the test. */
export const inBrowser = test.extend<{ page: Page }>({
  async page({ skip }, use) {
    if (!browser) return skip('there is no Chromium here')
    const { page, complaints } = await openConsole(browser, { url, password })
    await use(page)
    await page.close()
    // A form that is sent back with what is wrong is a 422.
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([])
  },
})
