import { afterAll, beforeAll, expect, test } from 'vitest'

import { totpCode } from '../support/authenticator.ts'
import { connectConsole } from '../support/console-client.ts'
import type { Login } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'
import { givenAccount } from '../support/given-account.ts'
import { fill, routesIn } from '../support/routes-of.ts'

const lines: string[] = []
let service: ConsoleService
let login: Login
beforeAll(async () => {
  const required = { CONSOLE_REQUIRE_SECOND_FACTOR: 'true', CONSOLE_VIEWER_PASSWORD: 'viewers-of-the-tests' }
  service = await startConsoleService({ ...required, LOG_LEVEL: 'debug' }, (line) => lines.push(line))
  login = await givenAccount(service.redis.client, 'ada', 'admin')
})
afterAll(() => service[Symbol.asyncDispose]())

const ada = () => connectConsole(service.url, login.password, login.name)

async function logIn(password: string): Promise<number> {
  const body = new URLSearchParams({ password, name: 'somebody' })
  return (await fetch(`${service.url}/login`, { method: 'POST', redirect: 'manual', body })).status
}

test('an admin without one gets through no door but that of setting it up', { timeout: 60_000 }, async () => {
  const routes = routesIn('console', lines).filter(({ url }) => !/^\/(login|logout|assets)\b/.test(url))
  expect(routes.length).toBeGreaterThan(60)
  const open: string[] = []
  const { headers } = await ada()
  for (const { method, url } of routes) {
    const answer = await fetch(`${service.url}${fill(url)}`, { method, redirect: 'manual', headers })
    await answer.body?.cancel()
    const isLed = answer.status === 302 && answer.headers.get('location') === '/account/second-factor'
    if (!isLed && answer.status !== 403) open.push(`${method} ${url} ${answer.status}`)
  }
  expect(open).toEqual(['GET /account/second-factor 200', 'HEAD /account/second-factor 200'])
})

test('once it is set up everything is open; shared passwords then open nothing, nor can it be switched off', async () => {
  // On the first day they are the way in.
  const before = await connectConsole(service.url, service.password, 'somebody')
  const viewer = await connectConsole(service.url, 'viewers-of-the-tests', 'anybody')
  expect((await before.get('/alerts')).status).toBe(200)

  const client = await ada()
  const page = await (await client.get('/account/second-factor')).text()
  expect(page).toContain('Nobody works here with a password alone')
  const [, sealed = ''] = /name="sealed" value="([^"]+)"/.exec(page) ?? []
  const [, secret = ''] = /data-secret>([A-Z2-7]+)</.exec(page) ?? []
  const [, _form = ''] = /name="_form" value="([^"]+)"/.exec(page) ?? []
  const send = (path: string, cookie: string, fields: Record<string, string>) =>
    fetch(`${service.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams(fields),
    })
  const code = totpCode(secret, Date.now())
  const answer = await send('/account/second-factor', client.headers['cookie'] ?? '', { _form, sealed, code })
  expect(answer.status).toBe(200)
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const account = await fetch(`${service.url}/account`, { headers: { cookie }, redirect: 'manual' })
  expect(account.status).toBe(200)
  const [, form = ''] = /name="_form" value="([^"]+)"/.exec(await account.text()) ?? []
  const removal = { _form: form, current: login.password }
  expect((await send('/account/second-factor/remove', cookie, removal)).status).toBe(409)

  await eventually(async () =>
    expect([await logIn(service.password), await logIn('viewers-of-the-tests')]).toEqual([403, 403]),
  )
  for (const each of [before, viewer]) expect((await each.get('/alerts')).headers.get('location')).toMatch('/login?')
})
