import { setTimeout as wait } from 'node:timers/promises'

import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { createPages } from '../render.ts'
import { createKnownBrowsers } from './known-browsers.ts'
import { loginRoutes } from './login-routes.ts'
import { createLoginThrottle } from './login-throttle.ts'
import { createSessions } from './sessions.ts'

const now = () => 1_000_000
const SECRET = 'a secret of 16 characters'

/** How many passwords were looked at. */
let looks = 0

async function startLogin(isSecure: boolean) {
  const app = fastify({ trustProxy: isSecure })
  await app.register(cookie)
  await app.register(formbody)
  const ended = { end: async () => undefined, hasEnded: async () => false }
  const accounts = { get: async () => undefined, change: async () => undefined }
  const secondFactor = { isRequired: false, isSharedOver: async () => false }
  await app.register(async (scope) =>
    loginRoutes(scope, {
      secondFactor,
      pages: createPages(now, async () => []),
      sessions: createSessions({ secret: SECRET, passwords: {}, accounts, secondFactor, ttlSeconds: 60, now, ended }),
      async checkLogin({ name, password }) {
        looks += 1
        if (password === 'slow') await wait(200)
        if (password === 'away') throw new Error('Redis is away')
        return password === 'right' ? { kind: 'shared', role: 'admin', name } : { kind: 'refused' }
      },
      accounts,
      openSessions: { add: async () => undefined, remove: async () => undefined },
      sessionSecret: SECRET,
      loginThrottle: createLoginThrottle({ max: 3, now }),
      trail: { add: async () => undefined },
      countFailure: () => undefined,
      knownBrowsers: createKnownBrowsers({ secret: SECRET, now }),
      loginAttempts: 3,
      now,
    }),
  )
  return app
}

function tryWith(
  app: Awaited<ReturnType<typeof startLogin>>,
  password: string,
  headers: Record<string, string> = {},
  name = '',
) {
  return app.inject({ method: 'POST', url: '/login', payload: { name, password, to: '/alerts' }, headers })
}

const from = (index: number) => ({ 'x-forwarded-for': `192.0.2.${index}` })

it('after some tries even the right password waits', async () => {
  const app = await startLogin(false)
  for (let attempt = 0; attempt < 3; attempt += 1) expect((await tryWith(app, 'wrong')).statusCode).toBe(401)
  expect((await tryWith(app, 'right')).statusCode).toBe(429)
})

it('who guesses from many addresses is stopped; a browser that has logged in before is not', async () => {
  const app = await startLogin(true)
  const before = await tryWith(app, 'right', from(200))
  const browser = before.cookies.find(({ name }) => name === 'switchboard_browser')
  expect(browser).toMatchObject({ httpOnly: true, path: '/login' })
  const codes: number[] = []
  for (let index = 0; index < 40; index += 1) codes.push((await tryWith(app, 'wrong', from(index))).statusCode)
  expect(codes.filter((code) => code === 401)).toHaveLength(30)
  expect((await tryWith(app, 'right', from(100))).statusCode).toBe(429)
  const cookie = `switchboard_browser=${browser?.value}`
  expect((await tryWith(app, 'right', { ...from(100), cookie })).statusCode).toBe(303)
  expect((await tryWith(app, 'right', { ...from(101), cookie: `${cookie}x` })).statusCode).toBe(429)
  // Nor is it kept out by those that share its address, and it may guess no more than others.
  for (let index = 0; index < 4; index += 1) await tryWith(app, 'wrong', from(100))
  const own: number[] = []
  for (let index = 0; index < 3; index += 1)
    own.push((await tryWith(app, 'wrong', { ...from(100), cookie })).statusCode)
  expect(own).toEqual([401, 401, 429])
})

it('a name is guessed at no more often from many addresses than from one, whether it is somebody’s or not', async () => {
  const app = await startLogin(true)
  const codes: number[] = []
  for (let index = 0; index < 5; index += 1) codes.push((await tryWith(app, 'wrong', from(index), ' Ada')).statusCode)
  expect(codes).toEqual([401, 401, 401, 429, 429])
  expect((await tryWith(app, 'right', from(6), 'ada')).statusCode).toBe(429)
  expect((await tryWith(app, 'right', from(7), 'ben')).statusCode).toBe(303)
})

const browserOf = ({ cookies }: Awaited<ReturnType<typeof tryWith>>) =>
  `switchboard_browser=${cookies.find(({ name }) => name === 'switchboard_browser')?.value}`

it('whoever guesses at a name keeps out nobody who has logged in with it; who has another one guesses as strangers do', async () => {
  const app = await startLogin(true)
  const own = browserOf(await tryWith(app, 'right', from(1), 'Ada'))
  const both = browserOf(await tryWith(app, 'right', { ...from(2), cookie: own }, 'Ben'))
  const another = browserOf(await tryWith(app, 'right', from(3), 'Ben'))
  for (let index = 0; index < 3; index += 1) await tryWith(app, 'wrong', from(10 + index), 'ada')
  const comes = async (index: number, cookie: string) =>
    (await tryWith(app, 'right', { ...from(index), cookie }, 'ADA')).statusCode
  expect([await comes(20, own), await comes(21, both), await comes(22, another)]).toEqual([303, 303, 429])
})

it('guesses that come at once are counted one by one', async () => {
  const app = await startLogin(true)
  looks = 0
  const guesses = Array.from({ length: 20 }, (_, index) => tryWith(app, 'slow', from(index), 'ada'))
  const codes = (await Promise.all(guesses)).map(({ statusCode }) => statusCode)
  expect([looks, codes.filter((code) => code === 401).length]).toEqual([3, 3])
})

it('what could not be looked at, and what was right, is no failure', async () => {
  const app = await startLogin(true)
  for (let index = 0; index < 6; index += 1) await tryWith(app, index % 2 ? 'away' : 'right', from(index), 'ada')
  expect((await tryWith(app, 'right', from(9), 'ada')).statusCode).toBe(303)
})

it('a network of IPv6 is one address, whichever of its addresses somebody takes', async () => {
  const app = await startLogin(true)
  const codes: number[] = []
  for (const address of ['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8::4', '2001:db8:0:1::1'])
    codes.push((await tryWith(app, 'wrong', { 'x-forwarded-for': address })).statusCode)
  expect(codes).toEqual([401, 401, 401, 429, 401])
})

it('leads nowhere but to a page of ours, also when it is said twice', async () => {
  const app = await startLogin(false)
  const cookie = `switchboard_session=${(await tryWith(app, 'right')).cookies[0]?.value}`
  const targets = [
    'to=/alerts',
    'to=/a&to=//evil.example',
    'to=//evil.example',
    'to=/%5Cevil.example',
    'to=/%09/evil.example',
  ]
  const locations = await Promise.all(
    targets.map(async (query) => (await app.inject({ url: `/login?${query}`, headers: { cookie } })).headers.location),
  )
  expect(locations).toEqual(['/alerts', '/', '/', '/', '/'])
})

it('the cookie is for TLS behind a proxy that we know nothing of', async () => {
  const app = await startLogin(false)
  const headers = { origin: 'https://console.example', host: 'console.example' }
  const [session] = (await tryWith(app, 'right', headers)).cookies
  expect(session).toMatchObject({ name: 'switchboard_session', secure: true })
})

it('the cookie cannot be read by scripts, stays on this site, and on TLS', async () => {
  const app = await startLogin(true)
  const [session] = (await tryWith(app, 'right', { 'x-forwarded-proto': 'https' })).cookies
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: true, path: '/', maxAge: 60 })
  expect((await tryWith(app, 'right')).headers.location).toBe('/alerts')
})
