import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import { fastify } from 'fastify'
import { expect, it } from 'vitest'

import { createPages } from '../render.ts'
import { loginRoutes } from './login-routes.ts'
import { createSessions } from './sessions.ts'

const now = () => 1_000_000

async function startLogin(isSecure: boolean) {
  const app = fastify({ trustProxy: isSecure })
  await app.register(cookie)
  await app.register(formbody)
  const ended = { end: async () => undefined, hasEnded: async () => false }
  await app.register(async (scope) =>
    loginRoutes(scope, {
      pages: createPages(now),
      sessions: createSessions({ secret: 'a secret of 16 characters', ttlSeconds: 60, now, ended }),
      checkPassword: async (given) => (given === 'right' ? 'operator' : undefined),
      audit: { add: async () => undefined },
      hasViewers: false,
      loginAttempts: 3,
      now,
    }),
  )
  return app
}

function tryWith(app: Awaited<ReturnType<typeof startLogin>>, password: string, headers: Record<string, string> = {}) {
  return app.inject({ method: 'POST', url: '/login', payload: { password, to: '/alerts' }, headers })
}

it('after some tries even the right password waits', async () => {
  const app = await startLogin(false)
  for (let attempt = 0; attempt < 3; attempt += 1) expect((await tryWith(app, 'wrong')).statusCode).toBe(401)
  expect((await tryWith(app, 'right')).statusCode).toBe(429)
})

it('the cookie cannot be read by scripts, stays on this site, and on TLS', async () => {
  const app = await startLogin(true)
  const [session] = (await tryWith(app, 'right', { 'x-forwarded-proto': 'https' })).cookies
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: true, path: '/', maxAge: 60 })
  expect((await tryWith(app, 'right')).headers.location).toBe('/alerts')
})
