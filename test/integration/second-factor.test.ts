import { afterAll, beforeAll, expect, test } from 'vitest'

import { nextTotpCode, totpCode } from '../support/authenticator.ts'
import { connectConsole } from '../support/console-client.ts'
import type { ConsoleClient, Login } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import type { ConsoleService } from '../support/console-service.ts'
import { eventually } from '../support/eventually.ts'
import { givenAccount } from '../support/given-account.ts'

let service: ConsoleService
beforeAll(async () => {
  service = await startConsoleService()
})
afterAll(() => service[Symbol.asyncDispose]())

let names = 0

interface WithApp extends Login {
  client: ConsoleClient
  secret: string
  recoveryCodes: string[]
}

/** An account whose app was set up on its page. */
async function givenSecondFactor(): Promise<WithApp> {
  const { name, password } = await givenAccount(service.redis.client, `ada-${(names += 1)}`, 'viewer')
  const client = await connectConsole(service.url, password, name)
  const page = await (await client.get('/account/second-factor')).text()
  const secret = /data-secret>([A-Z2-7]+)</.exec(page)?.[1] ?? ''
  const sealed = /name="sealed" value="([^"]+)"/.exec(page)?.[1] ?? ''
  expect(page).toContain('data:image/svg+xml;base64,')
  const refused = await client.post('/account/second-factor', { sealed, code: '000000' })
  expect(refused.status).toBe(422)
  const again = await refused.text()
  expect(again).toContain('That is not the code')
  // What the app has read holds on: with another secret it would have to read that one.
  expect(again).toContain(secret)
  const answer = await client.post('/account/second-factor', { sealed, code: totpCode(secret, Date.now()) })
  const recoveryCodes = [...(await answer.text()).matchAll(/<li>([a-z2-7-]+)<\/li>/g)].map(([, code]) => code ?? '')
  return { name, password, client, secret, recoveryCodes }
}

function post(path: string, fields: Record<string, string>): Promise<Response> {
  return fetch(`${service.url}${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) })
}

/** The first half of a login: what the page with the field for the code carries. */
async function givePassword({ name, password }: Login): Promise<string> {
  const answer = await post('/login', { name, password })
  expect({ status: answer.status, cookie: answer.headers.get('set-cookie') }).toEqual({ status: 200, cookie: null })
  return /name="pending" value="([^"]+)"/.exec(await answer.text())?.[1] ?? ''
}

async function giveCode(pending: string, code: string): Promise<number> {
  return (await post('/login/code', { pending, code, to: '/audit' })).status
}

test('with a second factor the password alone opens nothing; a code of the app does, once', async () => {
  const { client, secret, ...login } = await givenSecondFactor()
  // What was logged in before the second factor is not any more.
  expect((await client.get('/audit')).status).toBe(302)
  const pending = await givePassword(login)
  const code = nextTotpCode(secret)
  const codes = await Promise.all([code, code, code, code].map((each) => giveCode(pending, each)))
  expect(codes.toSorted((one, other) => one - other)).toEqual([303, 401, 401, 401])
  expect(await giveCode(await givePassword(login), code)).toBe(401)
  expect(await giveCode(await givePassword(login), totpCode(secret, Date.now() - 120_000))).toBe(401)
})

test('a recovery code is good once; new ones make the old ones worthless', async () => {
  const { recoveryCodes, ...login } = await givenSecondFactor()
  const [first = '', second = '', third = ''] = recoveryCodes
  expect(recoveryCodes).toHaveLength(10)
  const pending = await givePassword(login)
  const answer = await post('/login/code', { pending, code: first.toUpperCase(), to: '//evil.test' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  expect(await giveCode(await givePassword(login), first)).toBe(401)
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const page = await (await fetch(`${service.url}/account`, { headers: { cookie } })).text()
  expect(page).toContain('9 recovery codes are left')
  const _form = /name="_form" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const act = (path: string, current: string) =>
    fetch(`${service.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams({ _form, current }),
    })
  // An open session alone puts no other one in its place.
  expect((await fetch(`${service.url}/account/second-factor`, { headers: { cookie } })).status).toBe(409)
  expect((await act('/account/second-factor', login.password)).status).toBe(409)
  expect((await act('/account/recovery-codes', 'not the password')).status).toBe(403)
  expect(await (await act('/account/recovery-codes', login.password)).text()).not.toContain(second)
  expect(await giveCode(await givePassword(login), second)).toBe(401)
  expect((await act('/account/second-factor/remove', 'not the password')).status).toBe(403)
  expect(await giveCode(await givePassword(login), third)).toBe(401)
  expect((await act('/account/second-factor/remove', login.password)).status).toBe(303)
  await connectConsole(service.url, login.password, login.name)
})

test('who guesses codes is stopped, also with the right one; a half login is worth nothing for another or later', async () => {
  await using own = await startConsoleService({ CONSOLE_LOGIN_ATTEMPTS: '5', REDIS_URL: service.redis.url })
  const { secret, recoveryCodes, ...login } = await givenSecondFactor()
  const pending = await givePassword(login)
  const guess = async (code: string, cookie = '') => {
    const body = new URLSearchParams({ pending, code })
    const headers = { cookie }
    return (await fetch(`${own.url}/login/code`, { method: 'POST', redirect: 'manual', headers, body })).status
  }
  const used = await post('/login/code', { pending, code: recoveryCodes[0] ?? '' })
  const browser = used.headers.getSetCookie().find((each) => each.startsWith('switchboard_browser='))
  for (let tries = 0; tries < 5; tries += 1) expect(await guess('123456')).toBe(401)
  expect(await guess(nextTotpCode(secret))).toBe(429)
  // The browser from which they have logged in before pays for nobody's guesses.
  expect(await guess(recoveryCodes[1] ?? '', browser?.split(';')[0])).toBe(303)
  expect(await giveCode(`${pending.slice(0, -2)}xx`, nextTotpCode(secret))).toBe(401)
  await service.manage({ act: 'role', name: login.name, role: 'admin' })
  expect(await giveCode(pending, nextTotpCode(secret))).toBe(401)
})

test('a reset on the machine takes the second factor away; the trail knows of all of it and of no code', async () => {
  const { secret, recoveryCodes, ...login } = await givenSecondFactor()
  const { name } = login
  expect(await giveCode(await givePassword(login), recoveryCodes[0] ?? '')).toBe(303)
  const { lines } = await service.manage({ act: 'reset', name })
  const password = /once: (\S+)/.exec(lines.join('\n'))?.[1] ?? ''
  expect((await (await connectConsole(service.url, password, name)).get('/account')).status).toBe(200)
  const admin = await connectConsole(service.url, service.password)
  await eventually(async () => {
    const text = await (await admin.get('/audit/export')).text()
    const entries = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line))
    expect(entries.filter(({ who, target }) => [who, target].includes(name))).toMatchObject([
      { action: 'login' },
      { action: 'account.second-factor', detail: 'on' },
      { action: 'login', detail: 'recovery code' },
      { action: 'account.reset' },
      { action: 'login' },
    ])
    for (const word of [secret, ...recoveryCodes]) expect(text).not.toContain(word)
  })
  const keys = await service.redis.client.keys('sb:account:*')
  const stored = (await Promise.all(keys.map((key) => service.redis.client.get(key)))).join('\n')
  for (const word of [secret, ...recoveryCodes]) expect(stored).not.toContain(word)
})
