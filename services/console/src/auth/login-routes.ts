import rateLimit from '@fastify/rate-limit'
import { createSeldom } from '@switchboard/runtime'
import type { Accounts, OpenSessions } from '@switchboard/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { Refusal } from '../refusal.ts'
import type { Pages } from '../render.ts'
import { actorOf } from '../trail.ts'
import type { Trail } from '../trail.ts'
import type { CheckLogin, LoginCheck } from './check-login.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import { LOGIN_WINDOW_MS } from './login-throttle.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { requireSameOrigin, SESSION_COOKIE } from './require-session.ts'
import type { Identity, Sessions } from './sessions.ts'
import { startSession } from './start-session.ts'

export interface LoginDeps {
  sessions: Sessions
  pages: Pages
  checkLogin: CheckLogin
  accounts: Pick<Accounts, 'change'>
  openSessions: Pick<OpenSessions, 'add' | 'remove'>
  loginThrottle: LoginThrottle
  trail: Trail
  countFailure: () => void
  /** In five minutes: of one address, of one browser that has logged in before, or with one name. */
  loginAttempts: number
  knownBrowsers: KnownBrowsers
  now: () => number
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
      .send(deps.pages.render('login', view))

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
    await startSession(request, reply, identityOf(check), deps)
    knownBrowsers.remember(request, reply)
    await noteLogin(request, check, deps)
    return reply.redirect(safeTarget(to), 303)
  })

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

type Admitted = Exclude<LoginCheck, { kind: 'refused' }>

function identityOf(check: Admitted): Identity {
  if (check.kind === 'shared') return check
  return { kind: 'account', name: check.account.name, epoch: check.account.epoch }
}

async function noteLogin(request: FastifyRequest, check: Admitted, { accounts, trail, now }: LoginDeps): Promise<void> {
  const { name, role } = check.kind === 'shared' ? check : check.account
  const at = now()
  if (check.kind === 'account') await accounts.change(name, (account) => ({ ...account, lastLoginAt: at }))
  await trail.add({
    at,
    who: name,
    kind: check.kind === 'shared' ? 'somebody' : 'account',
    action: 'login',
    target: role,
  })
  request.log.info({ role }, 'login.accepted')
}

/** Only to pages of ours: `//elsewhere` is another site. */
export function safeTarget(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(to) && !/^\/log(in|out)\b/.test(to) ? to : '/'
}
