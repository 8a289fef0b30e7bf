import rateLimit from '@fastify/rate-limit'
import { createFailureThrottle, createSeldom } from '@switchboard/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { Refusal } from '../refusal.ts'
import type { Pages } from '../render.ts'
import type { Trail } from '../trail.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import type { CheckPassword } from './passwords.ts'
import { requireSameOrigin, SESSION_COOKIE } from './require-session.ts'
import type { Sessions } from './sessions.ts'

export interface LoginDeps {
  sessions: Sessions
  pages: Pages
  checkPassword: CheckPassword
  trail: Trail
  hasViewers: boolean
  countFailure: () => void
  /** In five minutes: of one address, or of one browser that has logged in before. */
  loginAttempts: number
  knownBrowsers: KnownBrowsers
  now: () => number
}

const WINDOW_MS = 300_000
/** All addresses together may fail so many times as often as one. */
const ALL_ADDRESSES = 10

const form = z.object({
  password: z.string().max(200),
  name: z.string().trim().max(60).default(''),
  to: z.string().max(500).default('/'),
})

/** The one page that people see who are not logged in. */
export async function loginRoutes(app: FastifyInstance, deps: LoginDeps): Promise<void> {
  await app.register(rateLimit, {
    max: deps.loginAttempts,
    timeWindow: WINDOW_MS,
    global: false,
    keyGenerator: (request) => deps.knownBrowsers.read(request) ?? request.ip,
    errorResponseBuilder: () => new Refusal(429, 'Too many tries', 'Wait five minutes, then try again.'),
  })
  const { sessions, checkPassword, trail, knownBrowsers, countFailure, now } = deps
  const failures = createFailureThrottle({ max: deps.loginAttempts * ALL_ADDRESSES, windowMs: WINDOW_MS, now })
  const seldom = createSeldom(now)
  const show = (reply: FastifyReply, view: { to: string; name: string; problem?: string }) =>
    reply
      .headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
      .send(deps.pages.render('login', { ...view, hasViewers: deps.hasViewers }))

  app.get<{ Querystring: { to?: string } }>('/login', async (request, reply) => {
    if (await sessions.read(request.cookies[SESSION_COOKIE])) return reply.redirect(safeTarget(request.query.to))
    return show(reply, { to: safeTarget(request.query.to), name: '' })
  })

  app.post('/login', { config: { needs: 'stranger', rateLimit: {} } }, async (request, reply) => {
    requireSameOrigin(request)
    const { password, name, to } = readInput(form, request.body)
    if (failures.isOver() && knownBrowsers.read(request) === undefined) {
      throw new Refusal(
        429,
        'Too many tries',
        'Somebody guesses passwords. Wait five minutes, or use a browser that has logged in before.',
      )
    }
    const role = await checkPassword(password)
    if (!role) {
      failures.count()
      countFailure()
      seldom((fields, event) => request.log.warn(fields, event), { ip: request.ip }, 'login.refused')
      await trail.add({ at: now(), who: 'somebody', kind: 'somebody', action: 'login.refused', target: request.ip })
      return show(reply.code(401), { to: safeTarget(to), name, problem: 'That is not the password.' })
    }
    const who = name || role
    setSessionCookie(request, reply, await sessions.begin(role, who), sessions.ttlSeconds)
    knownBrowsers.remember(request, reply)
    await trail.add({ at: now(), who, action: 'login', target: role })
    request.log.info({ role }, 'login.accepted')
    return reply.redirect(safeTarget(to), 303)
  })

  app.post('/logout', { config: { needs: 'stranger' } }, async (request, reply) => {
    requireSameOrigin(request)
    const session = await sessions.read(request.cookies[SESSION_COOKIE])
    if (session) await sessions.end(session)
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/login', 303)
  })
}

/** Logs the browser in that gets this answer. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
  void reply.setCookie(SESSION_COOKIE, value, {
    path: '/',
    httpOnly: true,
    // Lax: a link to an alert in a chat opens it. Nothing changes by GET, and every form carries a token.
    sameSite: 'lax',
    secure: isSecure(request),
    maxAge,
  })
}

/** Also where TLS ends at a proxy that nobody has told us of: the browser says where its page is from. */
export function isSecure({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers.origin?.startsWith('https:') === true
}

/** Only to pages of ours: `//elsewhere` is another site. */
export function safeTarget(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(to) && !/^\/log(in|out)\b/.test(to) ? to : '/'
}
