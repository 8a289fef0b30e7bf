import type { Browser } from 'playwright-core'

import { findBrowser, launchBrowser, shareBrowser } from '../../services/simulator/test/browser.ts'

/** A browser of its own; undefined where there is none. */
export async function openBrowser(): Promise<Browser | undefined> {
  const path = findBrowser()
  return path === null ? undefined : launchBrowser(path)
}

/** The one that the test files of a process have in common, see `shareBrowser`; undefined where there is none. */
export async function openSharedBrowser(): Promise<Browser | undefined> {
  const path = findBrowser()
  return path === null ? undefined : shareBrowser(path)
}
