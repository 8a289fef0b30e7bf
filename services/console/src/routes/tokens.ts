import { scope, scopes } from '@switchboard/contracts'
import { expiresSoon, tokenState } from '@switchboard/store'
import type { StoredToken } from '@switchboard/store'
import { apiTokenName, hashApiToken, newApiToken } from '@switchboard/tokens'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { sessionOf } from '../auth/require-session.ts'
import { problemsOf, readInput } from '../read-input.ts'
import type { RefusedForm } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

/** A token that is shown this once. */
interface Given {
  name: string
  token: string
}

const DAY_MS = 86_400_000
const lifetimes = ['30', '90', '365', 'never'] as const

/** Tokens of the API, for admins: what each may do, until when, when it was used last. */
export function tokenRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/tokens', { config: { needs: 'admin' } }, async (request, reply) => show(request, reply, deps))
  createRoute(app, deps)
  revokeRoute(app, deps)
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  { apiTokens, pages, now }: RouteDeps,
  { given, refused }: { given?: Given; refused?: RefusedForm } = {},
): Promise<FastifyReply> {
  const [{ tokens, lastUses }, announced] = await Promise.all([apiTokens.list(now()), apiTokens.announced()])
  const shown = tokens
    .map((token) => ({
      ...token,
      state: tokenState(token, now()),
      soon: expiresSoon(token, now()),
      lastUsedAt: lastUses.get(token.name),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return pages.show(request, reply, 'tokens', {
    title: 'Tokens',
    section: 'tokens',
    tokens: shown,
    fromEnvironment: announced.map((name) => ({ name, lastUsedAt: lastUses.get(name) })),
    scopes,
    lifetimes,
    given,
    form: typedForm.parse(refused?.body ?? {}),
    problems: refused?.problems ?? [],
  })
}

/** One that is ticked comes alone. */
const ticked = (given: unknown) => (typeof given === 'string' ? [given] : given)

/** What somebody typed that is no token yet. */
const typedForm = z.object({
  name: z.string().catch(''),
  scope: z.preprocess(ticked, z.array(z.string())).catch([]),
  days: z.string().catch('365'),
})

const createForm = z.object({
  name: apiTokenName,
  scope: z.preprocess(ticked, z.array(scope, 'tick what it may do').min(1)),
  days: z.enum(lifetimes),
})

function createRoute(app: FastifyInstance, deps: RouteDeps): void {
  const { apiTokens, now } = deps
  app.post('/tokens', { config: { needs: 'admin' } }, async (request, reply) => {
    const { body } = request
    const read = createForm.safeParse(body)
    if (!read.success) {
      return show(request, reply.code(422), deps, { refused: { body, problems: problemsOf(read.error) } })
    }
    const { name, scope: own, days } = read.data
    const token = newApiToken(name)
    const stored: StoredToken = {
      hash: hashApiToken(token).toString('hex'),
      scopes: own,
      createdAt: now(),
      createdBy: sessionOf(request).name,
      ...(days === 'never' ? {} : { expiresAt: now() + Number(days) * DAY_MS }),
    }
    if (!(await apiTokens.add(name, stored))) {
      const problems = [`There is a token ${name}, which is valid. Take another name, or revoke it.`]
      return show(request, reply.code(409), deps, { refused: { body, problems } })
    }
    await trace(request, deps, { action: 'token.create', target: name, detail: own.join(', ') })
    return show(request, reply, deps, { given: { name, token } })
  })
}

function revokeRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/tokens/:name/revoke', { config: { needs: 'admin' } }, async (request, reply) => {
    const { name } = readInput(z.object({ name: apiTokenName }), request.params)
    if (!(await deps.apiTokens.revoke(name, deps.now()))) throw notFound(`token ${name}`)
    await trace(request, deps, { action: 'token.revoke', target: name })
    return reply.redirect('/tokens', 303)
  })
}
