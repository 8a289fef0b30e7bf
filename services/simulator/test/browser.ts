import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core'

const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * For the shell: one process draws all pages of a context, starting one for each takes longer than most of them are looked at; and
 * the browser itself puts together what that has drawn.
 */
const TOGETHER = ['--disable-site-isolation-trials', '--renderer-process-limit=1', '--in-process-gpu']

/** Takes a second on a busy machine. */
const CLOSING_MS = 20_000

/** The browser to test with: the one in CHROMIUM, or of the system; null where there is none. */
export function findBrowser(): string | null {
  return process.env['CHROMIUM'] ?? candidates.find((path) => existsSync(path)) ?? null
}

/** Chromium without what is around its pages: the same engine, which draws them with half of the work. */
function findShell(): string | undefined {
  if (process.env['CHROMIUM_SHELL']) return process.env['CHROMIUM_SHELL']
  const shell = '/usr/bin/chromium-headless-shell'
  return !process.env['CHROMIUM'] && existsSync(shell) ? shell : undefined
}

let shared: Promise<Browser> | undefined
const sharedContexts = new WeakMap<Browser, Map<string, Promise<BrowserContext>>>()
const kept = new WeakSet<BrowserContext>()

/**
 * The browser of this process, for all of its test files: launching one for each costs more than most of them do in it. It is the
 * headless shell where there is one, which shows no notifications. Closing it closes the contexts that were opened in it for one
 * test; it ends with the process.
 */
export function shareBrowser(executablePath: string): Promise<Browser> {
  const shell = findShell()
  shared ??= (shell ? launchBrowser(shell, TOGETHER) : launchBrowser(executablePath)).then((browser) => {
    browser.close = async () => {
      for (const context of browser.contexts()) if (!kept.has(context)) await context.close()
    }
    return browser
  })
  return shared
}

/**
 * A context for all tests of this process that want the same of it: they have its cookies and its storage in common, and each opens
 * a page of its own. One page of the site stays open, and with it the process that draws all of them: starting one for each test
 * takes three times as long as loading a page.
 */
export function shareContext(
  browser: Browser,
  site: string,
  options: BrowserContextOptions,
  prepare: (context: BrowserContext) => Promise<void> = async () => undefined,
): Promise<BrowserContext> {
  const contexts = sharedContexts.get(browser) ?? new Map<string, Promise<BrowserContext>>()
  sharedContexts.set(browser, contexts)
  const key = JSON.stringify([site, options])
  const known = contexts.get(key)
  if (known) return known
  const open = async () => {
    const context = await browser.newContext(options)
    kept.add(context)
    context.once('close', () => contexts.delete(key))
    await prepare(context)
    await (await context.newPage()).goto(site)
    return context
  }
  const opened = open().catch((error: unknown) => {
    contexts.delete(key)
    throw error
  })
  contexts.set(key, opened)
  return opened
}

/** A headless browser with a microphone that beeps, which pages may use without asking; `more`: arguments of its own. */
export async function launchBrowser(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--process-per-site',
      ...more,
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
