import rateLimit from '@fastify/rate-limit'
import { networkOf } from '@switchboard/runtime'
import type { Accounts, OpenSessions } from '@switchboard/store'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { Refusal } from '../refusal.ts'
import { actorOf } from '../trail.ts'
import { admit } from './admit.ts'
import type { AdmitDeps } from './admit.ts'
import type { CheckLogin } from './check-login.ts'
import { askForCode, codeRoute } from './code-route.ts'
import type { AskDeps } from './code-route.ts'
import { LOGIN_WINDOW_MS } from './login-throttle.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { oidcRoutes } from './oidc-routes.ts'
import type { Oidc } from './oidc.ts'
import { createRefuseLogin, lookAtLogin, TOO_MANY } from './refuse-login.ts'
import type { RefuseLoginDeps } from './refuse-login.ts'
import { requireSameOrigin, SESSION_COOKIE } from './require-session.ts'
import { safeTarget } from './safe-target.ts'
import type { SecondFactorRule } from './second-factor-rule.ts'
import type { Sessions } from './sessions.ts'

export interface LoginDeps extends AskDeps, AdmitDeps, RefuseLoginDeps {
  sessions: Sessions
  loginThrottle: LoginThrottle
  checkLogin: CheckLogin
  secondFactor: SecondFactorRule
  accounts: Pick<Accounts, 'get' | 'change'>
  openSessions: Pick<OpenSessions, 'add' | 'remove'>
  /** In five minutes: of one address, of one browser that has logged in before, or with one name. */
  loginAttempts: number
  /** Logins at an OpenID provider, where there is one. */
  oidc?: Oidc | undefined
}

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
    keyGenerator: (request) => deps.knownBrowsers.read(request) ?? networkOf(request.ip),
    errorResponseBuilder: () => new Refusal(429, TOO_MANY, 'Wait five minutes, then try again.'),
  })
  const { sessions } = deps
  const refuse = createRefuseLogin(deps)
  const show = (reply: FastifyReply, view: { to: string; name: string; problem?: string }) =>
    reply
      .headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
      .send(deps.pages.render('login', { ...view, hasProvider: deps.oidc !== undefined }))

  app.get<{ Querystring: { to?: unknown } }>('/login', async (request, reply) => {
    if (await sessions.read(request.cookies[SESSION_COOKIE])) return reply.redirect(safeTarget(request.query.to))
    return show(reply, { to: safeTarget(request.query.to), name: '' })
  })

  app.post('/login', { config: { needs: 'stranger', rateLimit: {} } }, async (request, reply) => {
    requireSameOrigin(request)
    const { password, name, to } = readInput(form, request.body)
    const check = await lookAtLogin(request, name, deps, {
      look: () => deps.checkLogin({ name, password }),
      isWrong: ({ kind }) => kind === 'refused',
    })
    if (check.kind === 'refused') {
      await refuse(request)
      const problem = name ? 'That is not the name and its password.' : 'That is not the password.'
      return show(reply.code(401), { to: safeTarget(to), name, problem })
    }
    if (check.kind === 'needs-code') return askForCode(reply, check.account, safeTarget(to), deps)
    if (check.kind === 'shared' && (await deps.secondFactor.isSharedOver())) {
      const problem = 'This password has no second factor, and opens nothing any more. Log in to an account.'
      return show(reply.code(403), { to: safeTarget(to), name, problem })
    }
    await admit(request, reply, check, deps)
    return reply.redirect(safeTarget(to), 303)
  })

  codeRoute(app, { ...deps, refuse })
  if (deps.oidc) oidcRoutes(app, { ...deps, refuse, oidc: deps.oidc })
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
