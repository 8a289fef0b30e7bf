import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { findFreePort } from '../../scripts/ports.ts'
import { openSharedBrowser } from '../support/browser.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { PATIENCE_MS } from '../support/eventually.ts'
import { startOpenidProvider } from '../support/openid-provider.ts'
import type { OpenidProvider } from '../support/openid-provider.ts'

const cleanup = new AsyncDisposableStack()
let browser: Browser | undefined
let provider: OpenidProvider
let service: ConsoleService

beforeAll(async () => {
  browser = await openSharedBrowser()
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  provider = cleanup.use(await startOpenidProvider(`${url}/login/oidc/callback`))
  service = cleanup.use(
    await startConsoleService({
      CONSOLE_PORT: String(port),
      CONSOLE_URL: url,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.clientId,
      OIDC_CLIENT_SECRET: provider.clientSecret,
    }),
  )
})
afterAll(async () => {
  await browser?.close()
  await cleanup.disposeAsync()
})

/** Through the provider's own pages, and back. */
async function logIn(page: Page, login: string, to = '/audit'): Promise<void> {
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(`${service.url}${to}`)
  await page.getByRole('link', { name: 'Log in with single sign-on' }).click()
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill('any')
  await page.getByRole('button', { name: /sign.?in/i }).click()
  await page.getByRole('button', { name: /continue/i }).click()
  await page.waitForURL(`${service.url}/**`)
}

test('somebody with an account gets in as what that account may, where they wanted to go', async (context) => {
  if (!browser) return context.skip('there is no Chromium here')
  await service.manage({ act: 'create', name: 'ada@example.com', role: 'responder' })
  await using page = await newPage(browser)
  await logIn(page, 'ada', '/alerts?show=all')
  expect(page.url()).toBe(`${service.url}/alerts?show=all`)
  // No password of her own is asked for first, and roles hold.
  await page.goto(`${service.url}/account`)
  await page.getByText('ada@example.com').first().waitFor()
  expect((await page.goto(`${service.url}/accounts`))?.status()).toBe(403)

  await service.manage({ act: 'disable', name: 'ada@example.com' })
  await page.goto(`${service.url}/audit`)
  await page.getByRole('heading', { name: 'Log in to Switchboard' }).waitFor({ state: 'attached' })
})

test.for([
  ['nobody', 'There is no account nobody@example.com here'],
  ['unverified', 'The provider has not verified your e-mail address'],
])('%s is not let in, and told why', async ([login = '', why = ''], context) => {
  if (!browser) return context.skip('there is no Chromium here')
  await service.manage({ act: 'create', name: 'unverified@example.com', role: 'admin' })
  await using page = await newPage(browser)
  await logIn(page, login)
  await page.getByText(why).waitFor()
  await page.goto(`${service.url}/audit`)
  expect(page.url()).toContain('/login?to=')
})

test('what comes back without having been begun here, or for another browser, is worth nothing', async () => {
  const begun = await fetch(`${service.url}/login/oidc?to=//evil.test`, { redirect: 'manual' })
  const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(begun.headers.getSetCookie()[0]).toMatch(/HttpOnly.*SameSite=Lax/)
  const asked = new URL(begun.headers.get('location') ?? '')
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({ code_challenge_method: 'S256', response_type: 'code' })
  const state = asked.searchParams.get('state') ?? ''
  const come = async (query: string, headers: Record<string, string>) => {
    const answer = await fetch(`${service.url}/login/oidc/callback?${query}`, { redirect: 'manual', headers })
    return [answer.status, answer.headers.getSetCookie().some((each) => each.startsWith('switchboard_session'))]
  }
  expect(await come(`code=x&state=${state}`, {})).toEqual([403, false])
  expect(await come(`code=x&state=${state}`, { cookie: `${cookie}x` })).toEqual([403, false])
  expect(await come('code=x&state=another', { cookie })).toEqual([403, false])
  expect(await come(`error=access_denied&state=${state}`, { cookie })).toEqual([403, false])
  expect(await come(`code=forged&state=${state}&iss=${encodeURIComponent(provider.issuer)}`, { cookie })).toEqual([
    403,
    false,
  ])
})

test('a provider that is away keeps nobody from their password', async () => {
  const port = await findFreePort()
  await using own = await startConsoleService({
    CONSOLE_URL: 'https://console.example',
    OIDC_ISSUER: `http://127.0.0.1:${port}`,
    OIDC_CLIENT_ID: 'console',
  })
  expect((await fetch(`${own.url}/login/oidc`)).status).toBe(503)
  const body = new URLSearchParams({ password: own.password })
  const answer = await fetch(`${own.url}/login`, { method: 'POST', redirect: 'manual', body })
  expect(answer.status).toBe(303)
  // Known to be behind TLS.
  expect(answer.headers.getSetCookie()[0]).toContain('Secure')
})

async function newPage(opened: Browser): Promise<Page & AsyncDisposable> {
  const context = await opened.newContext()
  return Object.assign(await context.newPage(), { [Symbol.asyncDispose]: () => context.close() })
}
