import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

import { startRig, type Rig } from '../src/testing/start.ts'
import { findBrowser, shareBrowser, shareContext } from './browser.ts'

export const ALICE = '447700900010'

export interface Pages {
  readonly rig: Rig
  /** The simulator's page, once it is live. What it throws fails the test. */
  readonly open: (options?: BrowserContextOptions) => Promise<Page>
}

/** One simulator for the tests of a block, as new after each of them, and pages of it. */
export function usePages(): Pages {
  let browser: Browser
  let rig: Rig
  let errors: string[] = []
  let opened: Page[] = []
  beforeAll(async () => {
    browser = await shareBrowser(findBrowser() ?? '')
    rig = await startRig({}, 5)
  })
  afterAll(async () => {
    await browser.close()
    await rig[Symbol.asyncDispose]()
  })
  afterEach(async () => {
    for (const page of opened) await page.close()
    opened = []
    rig.world.reset()
    rig.application.received.length = 0
    rig.application.answer(() => ({ status: 200 }))
    expect(errors).toEqual([])
    errors = []
  })
  return {
    get rig() {
      return rig
    },
    async open(options = {}) {
      // A context takes as long as five pages: what can be set later does not make another one.
      const { permissions = [], ...rest } = options
      const wanted = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' as const, ...rest }
      const context = await shareContext(browser, `${rig.url}/static/icon.svg`, wanted)
      await context.grantPermissions(permissions)
      const page = await context.newPage()
      opened.push(page)
      page.setDefaultTimeout(60_000)
      page.on('pageerror', (error) => errors.push(error.message))
      await page.goto(rig.url)
      await page.getByText('live', { exact: true }).waitFor()
      return page
    },
  }
}

export function alice(page: Page): Locator {
  return page.locator(`.phone[data-person="${ALICE}"]`)
}
