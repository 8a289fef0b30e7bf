import assert from 'node:assert/strict'

import type { Browser, BrowserContext, Page } from 'playwright-core'

import { shareContext } from '../../services/simulator/test/browser.ts'
import { runAxe } from '../../services/simulator/test/violations.ts'
import { connectConsole } from './console-client.ts'
import { eventually, PATIENCE_MS } from './eventually.ts'

export interface ConsolePageOptions {
  url: string
  password: string
  colorScheme?: 'light' | 'dark'
  width?: number
  timezoneId?: string
  /** A context of its own. */
  isAlone?: boolean
}

/**
 * A page for the console, logged in as Ada, at nothing yet. What the page complains of in its console is kept. Pages that look
 * alike share a context and a session; one that leaves something in its storage, or is allowed something, is to be `isAlone`.
 */
export async function openConsole(
  browser: Browser,
  { url, password, colorScheme = 'light', width = 1_280, isAlone = false, ...place }: ConsolePageOptions,
): Promise<{ page: Page; complaints: string[] }> {
  const options = { baseURL: url, reducedMotion: 'reduce' as const, ...place }
  const logIn = async (context: BrowserContext) => {
    const { headers } = await connectConsole(url, password)
    const [name = '', value = ''] = headers['cookie']?.split('=') ?? []
    await context.addCookies([{ name, value, url }])
  }
  const context = isAlone
    ? await browser.newContext(options)
    : await shareContext(browser, `${url}/assets/icon.svg`, options, logIn)
  if (isAlone) await logIn(context)
  const page = await context.newPage()
  await page.setViewportSize({ width, height: 900 })
  await page.emulateMedia({ colorScheme })
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${page.url()}: ${message.text()}`)
  })
  return { page, complaints }
}

/** What axe-core finds to be serious or critical, in words; of all its rules, or of these. */
export async function seriousViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  return (await runAxe(page, rules))
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

/** What is wrong with the other shade of a page that `seriousViolations` has found nothing on: colours are all that differs. */
export async function shadeProblems(page: Page): Promise<string[]> {
  return seriousViolations(page, ['color-contrast'])
}

/** Looks at the other shade of what is open, and puts the light one back. */
export async function inTheDark<Answer>(page: Page, look: (page: Page) => Promise<Answer>): Promise<Answer> {
  await page.emulateMedia({ colorScheme: 'dark' })
  const answer = await look(page)
  await page.emulateMedia({ colorScheme: 'light' })
  return answer
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

/** Watches from the first byte on what moves, and where, and whether there is something to see: `moved`, `movers`, `isPainted`. */
export const WATCH = `
  window.moved = 0
  window.movers = []
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
      if (hadRecentInput) continue
      window.moved += value
      window.movers.push(...sources.map(({ node, previousRect, currentRect }) =>
        (node?.outerHTML ?? node?.textContent ?? '').slice(0, 80) + ' from ' + previousRect.y + ' to ' + currentRect.y))
    }
  }).observe({ type: 'layout-shift', buffered: true })
  new PerformanceObserver(() => { window.isPainted = true }).observe({ type: 'largest-contentful-paint', buffered: true })
`

/** What a page waits for before it shows anything. */
const BLOCKING = `performance.getEntriesByType('resource')
  .filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking')
  .map(({ name }) => new URL(name).pathname)`

const MOST_BYTES = 60_000

/**
 * Loads a page that is under `WATCH`; resolves to what is wrong with how it comes, whatever else the machine does meanwhile. What
 * moves a page each time is its own doing; what other tests do moves it once.
 */
export async function loadProblems(page: Page, path: string): Promise<string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await page.goto(path, { waitUntil: 'load' })
    await eventually(async () => assert.ok(await page.evaluate('window.isPainted'), `${path} shows nothing`))
    const moved = Number(await page.evaluate('window.moved'))
    const movers: string[] = await page.evaluate('window.movers')
    const bytes = (await response?.body())?.length ?? 0
    const blocking: string[] = await page.evaluate(BLOCKING)
    if (moved >= 0.02 && attempt < 3) continue
    return [
      ...(moved >= 0.02 ? [`${path} moves by ${moved}: ${movers.join(' | ')}`] : []),
      ...(bytes > MOST_BYTES ? [`${path} has ${bytes} bytes`] : []),
      ...blocking.filter((name) => !FIRST.has(name)).map((name) => `${path} waits for ${name}`),
    ]
  }
}

/** Both are small and kept by the browser. */
const FIRST = new Set(['/assets/console.css', '/assets/theme.js'])
