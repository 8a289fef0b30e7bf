import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { Browser, Page } from 'playwright-core'

import { PATIENCE_MS } from './eventually.ts'

export interface ConsolePageOptions {
  url: string
  password: string
  colorScheme?: 'light' | 'dark'
  width?: number
  timezoneId?: string
}

/** The console in a browser, logged in as Ada. Whatever the page complains of in its console is kept. */
export async function openConsole(
  browser: Browser,
  { url, password, colorScheme = 'light', width = 1_280, ...place }: ConsolePageOptions,
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ baseURL: url, colorScheme, viewport: { width, height: 900 }, ...place })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()}: ${message.text()}`)
  })
  await page.goto('/')
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  return { page, complaints }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')

interface Violation {
  id: string
  impact: string | null
  nodes: { html: string }[]
}

/** What axe-core finds to be serious or critical, in words. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // By the debugger: a script tag would break the page's own policy.
  await page.evaluate(axe)
  const violations: Violation[] = await page.evaluate('axe.run().then((result) => result.violations)')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
