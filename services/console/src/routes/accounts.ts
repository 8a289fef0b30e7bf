import { role, roles } from '@switchboard/contracts'
import { accountName } from '@switchboard/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import type { Actor } from '../accounts/acts.ts'
import { sessionOf } from '../auth/require-session.ts'
import { problemsOf, readInput } from '../read-input.ts'
import type { RefusedForm } from '../read-input.ts'
import { notFound, Refusal } from '../refusal.ts'
import { actorOf } from '../trail.ts'
import type { RouteDeps } from './route-deps.ts'

/** A password that is shown this once. */
interface Given {
  name: string
  password: string
}

/** Who may log in, for admins. */
export function accountsRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/accounts', { config: { needs: 'admin' } }, async (request, reply) => show(request, reply, deps))
  createRoute(app, deps)
  actRoutes(app, deps)
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  { acts, pages }: RouteDeps,
  { given, refused }: { given?: Given; refused?: RefusedForm } = {},
): Promise<FastifyReply> {
  return pages.show(request, reply, 'accounts', {
    title: 'Accounts',
    section: 'accounts',
    accounts: await acts.list(),
    own: sessionOf(request).name,
    roles,
    given,
    problems: refused?.problems ?? [],
    form: typedForm.parse(refused?.body ?? {}),
  })
}

/** What somebody typed that is no account yet. */
const typedForm = z.object({ name: z.string().catch(''), role: z.string().catch('') })

const createForm = z.object({ name: accountName, role })

function createRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/accounts', { config: { needs: 'admin' } }, async (request, reply) => {
    const { body } = request
    const read = createForm.safeParse(body)
    if (!read.success) {
      return show(request, reply.code(422), deps, { refused: { body, problems: problemsOf(read.error) } })
    }
    const form = read.data
    const password = await deps.acts.create(form.name, form.role, actorOf(sessionOf(request)))
    if (password === undefined) {
      const refused = { body, problems: [`There is an account ${form.name} already.`] }
      return show(request, reply.code(409), deps, { refused })
    }
    return show(request, reply, deps, { given: { name: form.name, password } })
  })
}

function actRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { acts } = deps
  app.post('/accounts/:name/role', { config: { needs: 'admin' } }, async (request, reply) => {
    const name = othersName(request)
    const { role: wanted } = readInput(z.object({ role }), request.body)
    if (!(await acts.setRole(name, wanted, actorOf(sessionOf(request))))) throw notFound(`account ${name}`)
    return reply.redirect('/accounts', 303)
  })
  app.post('/accounts/:name/reset', { config: { needs: 'admin' } }, async (request, reply) => {
    const name = othersName(request)
    const password = await acts.reset(name, actorOf(sessionOf(request)))
    if (password === undefined) throw notFound(`account ${name}`)
    return show(request, reply, deps, { given: { name, password } })
  })
  actRoute(app, 'disable', (name, by) => acts.disable(name, by))
  actRoute(app, 'enable', (name, by) => acts.enable(name, by))
  actRoute(app, 'log-out', (name, by) => acts.logOut(name, by))
}

/** `act` answers nothing when there is no such account. */
function actRoute(app: FastifyInstance, path: string, act: (name: string, by: Actor) => Promise<unknown>): void {
  app.post(`/accounts/:name/${path}`, { config: { needs: 'admin' } }, async (request, reply) => {
    const name = othersName(request)
    if (!(await act(name, actorOf(sessionOf(request))))) throw notFound(`account ${name}`)
    return reply.redirect('/accounts', 303)
  })
}

/** Nobody locks themselves out by a slip. */
function othersName(request: FastifyRequest): string {
  const { name } = readInput(z.object({ name: accountName }), request.params)
  const { identity } = sessionOf(request)
  if (identity.kind === 'shared' || identity.name !== name) return name
  throw new Refusal(409, 'Your own account', 'Ask another admin, or see your own page.')
}
