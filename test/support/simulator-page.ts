import type { Channel } from '@switchboard/contracts'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'

import { shareContext } from '../../services/simulator/test/browser.ts'
import { PATIENCE_MS } from './eventually.ts'

/** The simulator's page in a browser: what a person can do there, and nothing else. */
export interface SimulatorPage extends AsyncDisposable {
  readonly page: Page
  /** Somebody of the list; put on the stage if they are not there. */
  phone: (personId: string) => Promise<PagePhone>
  /** Types a number into "New phone". */
  newPhone(number: string): Promise<PagePhone>
  opensTab(name: 'What Vonage did' | 'Faults' | 'Clock' | 'Account'): Promise<void>
  /** Errors of the page's scripts. */
  readonly errors: string[]
}

export interface PagePhone {
  readonly element: Locator
  /** Opens an app; whoever looks at a thread has read it. */
  opens(channel: Channel): Promise<void>
  goesHome(): Promise<void>
  /** Into the open thread, as a person does. */
  types(text: string): Promise<void>
  /** The text in the open thread, once it has been delivered. */
  sees(text: string | RegExp): Promise<void>
  /** What it has received in the open thread, oldest first. */
  received(): Promise<string[]>
  /** On the home screen, unread. */
  isNotifiedOf(text: string): Promise<void>
}

/** Two phones fit beside each other in the usual window. Pages that are used at the same time are each to be `isAlone`. */
export async function openSimulatorPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { isAlone?: boolean } = {},
): Promise<SimulatorPage> {
  const { viewport = { width: 1_440, height: 900 }, isAlone = false, colorScheme = 'light', ...rest } = options
  const wanted = { reducedMotion: 'reduce' as const, ...rest }
  const context = isAlone
    ? await browser.newContext(wanted)
    : await shareContext(browser, new URL('/static/icon.svg', url).href, wanted)
  const page = await context.newPage()
  if (viewport) await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme })
  page.setDefaultTimeout(PATIENCE_MS)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(url)
  await page.getByText('live', { exact: true }).waitFor()
  const phone = async (personId: string) => {
    const element = page.locator(`.phone[data-person="${personId}"]`)
    if ((await element.count()) === 0) await page.locator(`.person[data-person="${personId}"]`).click()
    await element.waitFor()
    return createPagePhone(element)
  }
  return {
    page,
    phone,
    async newPhone(number) {
      await page.getByLabel('New phone').fill(number)
      await page.keyboard.press('Enter')
      await page.locator(`.phone[data-person="${number}"]`).waitFor()
      return phone(number)
    },
    opensTab: (name) => page.getByRole('tab', { name }).click(),
    errors,
    [Symbol.asyncDispose]: () => (isAlone ? context.close() : page.close()),
  }
}

function createPagePhone(element: Locator): PagePhone {
  const texts = element.locator('.row-theirs:is([data-status=delivered], [data-status=read]) .text')
  return {
    element,
    async opens(channel) {
      await element.locator(`.app[data-channel=${channel}]`).click()
      await element.locator(`.thread-${channel}`).waitFor()
    },
    async goesHome() {
      await element.focus()
      await element.page().keyboard.press('Escape')
      await element.locator('.home').waitFor()
    },
    async types(text) {
      const field = element.getByRole('textbox')
      await field.fill(text)
      await field.press('Enter')
    },
    sees: (text) => texts.filter({ hasText: text }).last().waitFor(),
    received: () => texts.allInnerTexts(),
    isNotifiedOf: (text) => element.locator('.notice', { hasText: text }).first().waitFor(),
  }
}
