import type { Browser } from 'playwright-core'

import { findBrowser, launchBrowser } from '../../services/simulator/test/browser.ts'

/** A browser; undefined where there is none. */
export async function openBrowser(): Promise<Browser | undefined> {
  const path = findBrowser()
  return path === null ? undefined : launchBrowser(path)
}
