import rateLimit from '@fastify/rate-limit'
import { createSeldom } from '@switchboard/runtime'
import type { OpenSessions } from '@switchboard/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { Refusal } from '../refusal.ts'
import { actorOf } from '../trail.ts'
import { admit } from './admit.ts'
import type { CheckLogin } from './check-login.ts'
import { askForCode, codeRoute } from './code-route.ts'
import type { CodeDeps } from './code-route.ts'
import { LOGIN_WINDOW_MS } from './login-throttle.ts'
import { oidcRoutes } from './oidc-routes.ts'
import type { Oidc } from './oidc.ts'
import { requireSameOrigin, SESSION_COOKIE } from './require-session.ts'
import { safeTarget } from './safe-target.ts'
import type { Sessions } from './sessions.ts'

export interface LoginDeps extends CodeDeps {
  sessions: Sessions
  checkLogin: CheckLogin
  openSessions: Pick<OpenSessions, 'add' | 'remove'>
  /** In five minutes: of one address, of one browser that has logged in before, or with one name. */
  loginAttempts: number
  /** Logins at an OpenID provider, where there is one. */
  oidc?: Oidc | undefined
}

const TOO_MANY = 'Too many tries'
const GUESSED = 'Somebody guesses passwords. Wait five minutes, or use a browser that has logged in before.'

const form = z.object({
  password: z.string().max(200),
  name: z.string().trim().max(60).default(''),
  to: z.string().max(500).default('/'),
})

/** The one page that people see who are not logged in. */
export async function loginRoutes(app: FastifyInstance, deps: LoginDeps): Promise<void> {
  await app.register(rateLimit, {
    max: deps.loginAttempts,
    timeWindow: LOGIN_WINDOW_MS,
    global: false,
    keyGenerator: (request) => deps.knownBrowsers.read(request) ?? request.ip,
    errorResponseBuilder: () => new Refusal(429, TOO_MANY, 'Wait five minutes, then try again.'),
  })
  const { sessions, loginThrottle, knownBrowsers } = deps
  const refuse = createRefuse(deps)
  const show = (reply: FastifyReply, view: { to: string; name: string; problem?: string }) =>
    reply
      .headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
      .send(deps.pages.render('login', { ...view, hasProvider: deps.oidc !== undefined }))

  app.get<{ Querystring: { to?: string } }>('/login', async (request, reply) => {
    if (await sessions.read(request.cookies[SESSION_COOKIE])) return reply.redirect(safeTarget(request.query.to))
    return show(reply, { to: safeTarget(request.query.to), name: '' })
  })

  app.post('/login', { config: { needs: 'stranger', rateLimit: {} } }, async (request, reply) => {
    requireSameOrigin(request)
    const { password, name, to } = readInput(form, request.body)
    if (loginThrottle.isOver(name) && knownBrowsers.read(request) === undefined)
      throw new Refusal(429, TOO_MANY, GUESSED)
    const check = await deps.checkLogin({ name, password })
    if (check.kind === 'refused') {
      loginThrottle.count(name)
      await refuse(request)
      const problem = name ? 'That is not the name and its password.' : 'That is not the password.'
      return show(reply.code(401), { to: safeTarget(to), name, problem })
    }
    if (check.kind === 'needs-code') return askForCode(reply, check.account, safeTarget(to), deps)
    await admit(request, reply, check, deps)
    return reply.redirect(safeTarget(to), 303)
  })

  codeRoute(app, deps)
  if (deps.oidc) oidcRoutes(app, { ...deps, oidc: deps.oidc })
  logoutRoute(app, deps)
}

function logoutRoute(app: FastifyInstance, { sessions, openSessions, trail, now }: LoginDeps): void {
  app.post('/logout', { config: { needs: 'stranger' } }, async (request, reply) => {
    requireSameOrigin(request)
    const session = await sessions.read(request.cookies[SESSION_COOKIE])
    if (session) {
      await sessions.end(session)
      await openSessions.remove(session.name, session.id)
      await trail.add({ at: now(), ...actorOf(session), action: 'logout', target: session.role })
    }
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/login', 303)
  })
}

function createRefuse({ countFailure, trail, now }: Pick<LoginDeps, 'countFailure' | 'trail' | 'now'>) {
  const seldom = createSeldom(now)
  return async (request: FastifyRequest): Promise<void> => {
    countFailure()
    seldom((fields, event) => request.log.warn(fields, event), { ip: request.ip }, 'login.refused')
    await trail.add({ at: now(), who: 'somebody', kind: 'somebody', action: 'login.refused', target: request.ip })
  }
}
