import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { sessionOf } from '../auth/require-session.ts'
import { startSession } from '../auth/start-session.ts'
import { nameBrowser } from '../name-browser.ts'
import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import { actorOf } from '../trail.ts'
import { accountOf, requireAccount, requirePassword } from './own-account.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

/** What everybody may do with their own account: change its password, see where it is logged in, and end that. */
export function accountRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/account', async (request, reply) => show(request, reply, deps))
  passwordRoute(app, deps)
  sessionRoutes(app, deps)
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: RouteDeps,
  { problem }: { problem?: string } = {},
): Promise<FastifyReply> {
  const session = sessionOf(request)
  const { done } = readInput(z.object({ done: z.string().optional() }), request.query)
  const account = await accountOf(request, deps)
  const open = account ? await deps.openSessions.list(account.name, account.epoch, deps.now()) : []
  return deps.pages.show(request, reply, 'account', {
    title: 'Your account',
    section: 'account',
    account,
    nameBrowser,
    mustChange: session.owes === 'password',
    open: open.map((each) => ({ ...each, isThis: each.id === session.id })),
    problem,
    done,
  })
}

const MIN_LENGTH = 12

const passwordForm = z.object({
  current: z.string().max(200),
  next: z.string().min(MIN_LENGTH, `must have at least ${MIN_LENGTH} characters`).max(200),
  again: z.string().max(200),
})

function passwordRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/account/password', { config: { needs: 'viewer' } }, async (request, reply) => {
    const account = await requireAccount(request, deps)
    const form = passwordForm.safeParse(request.body)
    if (!form.success) {
      return show(request, reply.code(400), deps, { problem: `The new password ${form.error.issues[0]?.message}.` })
    }
    const { current, next, again } = form.data
    if (next !== again) return show(request, reply.code(400), deps, { problem: 'The new passwords differ.' })
    if (next === current) return show(request, reply.code(400), deps, { problem: 'That is the password you have.' })
    await requirePassword(account, current, deps)
    const changed = await deps.acts.setPassword(account.name, next, actorOf(sessionOf(request)))
    if (!changed) throw notFound(`account ${account.name}`)
    await startSession(request, reply, { kind: 'account', name: changed.name, epoch: changed.epoch }, deps)
    return reply.redirect('/account?done=password', 303)
  })
}

function sessionRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/account/sessions/:id/end', { config: { needs: 'viewer' } }, async (request, reply) => {
    const account = await requireAccount(request, deps)
    const { id } = readInput(z.object({ id: z.string().max(100) }), request.params)
    const open = await deps.openSessions.list(account.name, account.epoch, deps.now())
    const found = open.find((each) => each.id === id)
    if (!found) throw notFound('session of yours of that name')
    await trace(request, deps, { action: 'session.end', target: id })
    await deps.sessions.end(found)
    await deps.openSessions.remove(account.name, id)
    return reply.redirect('/account?done=session', 303)
  })
  app.post('/account/sessions/end', { config: { needs: 'viewer' } }, async (request, reply) => {
    const { name } = await requireAccount(request, deps)
    const changed = await deps.acts.logOut(name, actorOf(sessionOf(request)))
    if (!changed) throw notFound(`account ${name}`)
    await startSession(request, reply, { kind: 'account', name, epoch: changed.epoch }, deps)
    return reply.redirect('/account?done=sessions', 303)
  })
}
