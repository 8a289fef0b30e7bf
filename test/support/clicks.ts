import type { Page } from 'playwright-core'

/** Counts in the page itself what a hand does there: each press of the mouse, each choice from a list. Typing is none. */
const COUNT = `
  const count = () => { sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1 }
  addEventListener('pointerdown', count, true)
  // Whoever drives this page chooses without a press.
  addEventListener('change', ({ target }) => { if (target.matches('select')) count() }, true)
`

/** Opens the overview and counts from there; resolves to what tells how many clicks there have been. */
export async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(COUNT)
  await page.goto('/')
  await page.evaluate('sessionStorage.removeItem("clicks")')
  return async () => Number(await page.evaluate('sessionStorage.clicks || 0'))
}
