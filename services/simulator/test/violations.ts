import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

import type { CDPSession, Page } from 'playwright-core'

const require = createRequire(import.meta.url)
/** Sent to each page that is looked at: the smaller one comes and is compiled in two thirds of the time. */
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What is broken, and where: the rule's name, how bad it is, and the places. */
export interface Violation {
  id: string
  impact: string | null
  nodes: { html: string; any: { message: string }[] }[]
}

const WCAG_2_AA = ['wcag2a', 'wcag2aa']

/** Names each rule of WCAG 2 AA that is broken and the first place where it is. */
export async function findViolations(page: Page): Promise<string[]> {
  return inWords(await runAxe(page, WCAG_2_AA))
}

/** What is wrong with another shade of a page that `findViolations` has found nothing on: colours are all that differs. */
export async function findFaintText(page: Page): Promise<string[]> {
  return inWords(await runAxe(page, ['color-contrast']))
}

/** What axe-core finds by all of its rules, or by these. */
export async function runAxe(page: Page, rules?: readonly string[]): Promise<Violation[]> {
  if (!(await page.evaluate('"axe" in window'))) await loadAxe(page)
  // What is not asked for takes time: selectors for each element, and style sheets that only rules about films look at.
  const cheap = { resultTypes: ['violations'], preload: false, selectors: false }
  const options = JSON.stringify({ ...cheap, ...(rules && { runOnly: rules }) })
  return page.evaluate<Violation[]>(`axe.run(${options}).then((result) => result.violations)`)
}

const debuggers = new WeakMap<Page, Promise<CDPSession>>()

/** By the debugger: the page's own policy allows no script tag, and what is no `eval` is compiled once for all pages of a process. */
async function loadAxe(page: Page): Promise<void> {
  const known = debuggers.get(page) ?? page.context().newCDPSession(page)
  debuggers.set(page, known)
  await (await known).send('Runtime.evaluate', { expression: `${AXE};0` })
}

function inWords(violations: readonly Violation[]): string[] {
  return violations.map(({ id, nodes: [first] }) => `${id}: ${first?.html} ${first?.any[0]?.message ?? ''}`)
}
