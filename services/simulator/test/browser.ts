import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import { chromium, type Browser } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Takes a second on a busy machine. */
const CLOSING_MS = 20_000

/** The browser to test with: the one in CHROMIUM, or of the system; null where there is none. */
export function findBrowser(): string | null {
  return process.env['CHROMIUM'] ?? candidates.find((path) => existsSync(path)) ?? null
}

/** A headless browser with a microphone that beeps, which pages may use without asking. */
export async function launchBrowser(executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
  return closingInTime(browser)
}

/**
 * Now and then Chromium never says that it has closed a context, and no limit of a test holds for what comes after it. What is
 * left open ends with the process of the tests.
 */
function closingInTime(browser: Browser): Browser {
  const open = browser.newContext.bind(browser)
  browser.newContext = async (options) => {
    const context = await open(options)
    context.close = inTime(context.close.bind(context))
    return context
  }
  browser.close = inTime(browser.close.bind(browser))
  return browser
}

function inTime<Args extends unknown[]>(close: (...args: Args) => Promise<void>): (...args: Args) => Promise<void> {
  return async (...args) => {
    const patience = new AbortController()
    const tooLong = delay(CLOSING_MS, undefined, { signal: patience.signal }).catch(() => undefined)
    await Promise.race([close(...args).finally(() => patience.abort()), tooLong])
  }
}
