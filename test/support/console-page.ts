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

/** What axe-core finds to be serious or critical, in words; of all its rules, or of these. */
export async function seriousViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // By the debugger: a script tag would break the page's own policy.
  await page.evaluate(axe)
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) })
  const violations: Violation[] = await page.evaluate(`axe.run(${options}).then((result) => result.violations)`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** What is wrong with how the page that is open looks at these widths: axe-core's findings, and what does not fit. */
export async function lookProblems(page: Page, widths: readonly number[]): Promise<string[]> {
  const problems: string[] = []
  for (const width of widths) {
    problems.push(...(await widthProblems(page, width)))
    // What it finds at the widest and the narrowest is all that it finds between them.
    if (width === widths.at(0) || width === widths.at(-1)) problems.push(...(await seriousViolations(page)))
  }
  return problems
}

/** What sticks out or is cut. */
export async function widthProblems(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 900 })
  const overflow = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  const cut: string[] = await page.evaluate(CUT)
  return [
    ...(overflow > 0 ? [`${page.url()} is ${overflow} pixels too wide at ${width}`] : []),
    ...cut.map((html) => `${page.url()} cuts at ${width}: ${html}`),
  ]
}

/** Tables whose last columns are seen only by whoever scrolls sideways, at the width that is set. */
export async function columnsOutOfSight(page: Page): Promise<string[]> {
  const hidden: string[] = await page.evaluate(SCROLLED_OUT)
  return hidden.map((words) => `${page.url()} has columns out of sight: ${words}`)
}

/** What is wrong with the other shade of a page that `lookProblems` has found nothing on: colours are all that differs. */
export async function shadeProblems(page: Page): Promise<string[]> {
  return seriousViolations(page, ['color-contrast'])
}

/** What is wider than its box, and neither scrolls nor says by an ellipsis that there is more. */
const CUT = `[...document.querySelectorAll('main *')]
  .filter((element) => {
    const { overflowX, textOverflow, clip, display } = getComputedStyle(element)
    const isCut = overflowX === 'hidden' && textOverflow !== 'ellipsis' && clip === 'auto' && display !== 'none'
    return isCut && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1
  })
  .map((element) => element.outerHTML.slice(0, 120))`

const SCROLLED_OUT = `[...document.querySelectorAll('main .scroll')]
  .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.innerText.slice(0, 80))`

/** Watches from the first byte on what moves and when there is something to see: `window.moved`, `window.paintedMs`. */
export const WATCH = `
  window.moved = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.paintedMs = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
`
