import { scope } from '@switchboard/contracts'
import { tokenState } from '@switchboard/store'
import type { ApiTokens, StoredToken } from '@switchboard/store'
import { apiTokenName, hashApiToken, newApiToken } from '@switchboard/tokens'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import type { Caller } from '../api-callers.ts'
import type { EnvironmentToken } from '../environment-tokens.ts'
import { Problem } from '../problem.ts'
import { callerOf } from '../require-token.ts'

export interface TokenRouteDeps {
  environmentTokens: EnvironmentToken[]
  apiTokens: Pick<ApiTokens, 'add' | 'list' | 'revoke'>
  now: () => number
}

const DAY_MS = 86_400_000

const moment = z.iso.datetime().nullable()
const tokenView = z.object({
  name: z.string(),
  state: z.enum(['valid', 'expired', 'revoked']),
  scopes: z.array(z.string()).nullable().describe('null: all, as every token of API_TOKENS has'),
  createdAt: moment,
  createdBy: z.string().nullable(),
  expiresAt: moment.describe('null: never'),
  revokedAt: moment,
  lastUsedAt: moment.describe('to the minute'),
})
type TokenView = z.infer<typeof tokenView>

const tokenBody = z.strictObject({
  name: apiTokenName.meta({
    description: 'who uses it; what it does is on record under this name',
    example: 'deploy-pipeline',
  }),
  scopes: z.array(scope).min(1),
  expiresInDays: z.int().min(1).max(3_650).nullable().default(365).describe('null: never'),
})

/** Tokens of the API: list, create, revoke. Their secrets are shown once. */
export function tokenRoutes(app: FastifyInstance, deps: TokenRouteDeps): void {
  listRoute(app, deps)
  createRoute(app, deps)
  revokeRoute(app, deps)
}

function listRoute(app: FastifyInstance, { environmentTokens, apiTokens, now }: TokenRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/tokens',
    {
      config: { scope: 'tokens:read' },
      schema: {
        summary: 'Tokens of the API: what each may do, until when, when it was used last',
        description: 'Those of API_TOKENS too. Expired and revoked ones are listed for a month.',
        tags: ['tokens'],
        response: { 200: z.object({ tokens: z.array(tokenView) }) },
      },
    },
    async () => {
      const { tokens, lastUses } = await apiTokens.list(now())
      const stored = tokens.map((token) => viewOf(token, token.name, lastUses.get(token.name), now()))
      const given = environmentTokens.map(({ name }) => viewOfGiven(name, lastUses.get(name)))
      return { tokens: [...given, ...stored].toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
    },
  )
}

function createRoute(app: FastifyInstance, { environmentTokens, apiTokens, now }: TokenRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/tokens',
    {
      // Names are given once: a second request finds the first one's token.
      config: { scope: 'tokens:write', does: 'token.create', isRepeatable: true },
      schema: {
        summary: 'Create a token',
        description:
          'Answers its secret, which is shown this once. It may do no more than the token that asks, nor longer.',
        tags: ['tokens'],
        body: tokenBody,
        response: { 201: tokenView.extend({ token: z.string() }) },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresInDays } = request.body
      const caller = callerOf(request)
      const expiresAt = expiresInDays === null ? undefined : now() + expiresInDays * DAY_MS
      requireWithin(caller, scopes, expiresAt)
      const token = newApiToken(name)
      const stored: StoredToken = {
        hash: hashApiToken(token).toString('hex'),
        scopes: [...new Set(scopes)],
        createdAt: now(),
        createdBy: caller.name,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }
      const isGiven = environmentTokens.some((each) => each.name === name)
      if (isGiven || !(await apiTokens.add(name, stored))) {
        const wayOut = 'Take another name; or revoke that one first, if nobody has its secret.'
        throw new Problem(409, 'Name taken', `There is a token ${name}, which is valid. ${wayOut}`)
      }
      return reply.code(201).send({ ...viewOf(stored, name, undefined, now()), token })
    },
  )
}

function requireWithin(caller: Caller, scopes: readonly string[], expiresAt: number | undefined): void {
  const more = scopes.filter((each) => !caller.scopes.includes(each))
  if (more.length > 0) {
    throw new Problem(403, 'Not with this token', `The token ${caller.name} does not have ${more.join(', ')} itself.`)
  }
  if ((expiresAt ?? Infinity) > (caller.expiresAt ?? Infinity)) {
    const end = new Date(caller.expiresAt ?? 0).toISOString()
    throw new Problem(
      403,
      'Not with this token',
      `The token ${caller.name} is good until ${end}: no other may be for longer.`,
    )
  }
}

function revokeRoute(app: FastifyInstance, { environmentTokens, apiTokens, now }: TokenRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().delete(
    '/api/tokens/:name',
    {
      config: { scope: 'tokens:write', does: 'token.revoke' },
      schema: {
        summary: 'Revoke a token: it is no good from now on',
        tags: ['tokens'],
        params: z.object({ name: z.string().max(60) }),
        response: { 200: tokenView },
      },
    },
    async ({ params: { name } }) => {
      if (environmentTokens.some((each) => each.name === name)) {
        throw new Problem(409, 'Not here', `${name} is one of API_TOKENS: take it out there and restart ingress.`)
      }
      const revoked = await apiTokens.revoke(name, now())
      if (!revoked) throw new Problem(404, 'Unknown token', `There is no token ${name}.`)
      return viewOf(revoked, name, undefined, now())
    },
  )
}

function viewOf(token: StoredToken, name: string, lastUsedAt: number | undefined, now: number): TokenView {
  const { scopes, createdAt, createdBy, expiresAt, revokedAt } = token
  return {
    name,
    state: tokenState(token, now),
    scopes,
    createdAt: momentOf(createdAt),
    createdBy,
    expiresAt: momentOf(expiresAt),
    revokedAt: momentOf(revokedAt),
    lastUsedAt: momentOf(lastUsedAt),
  }
}

function viewOfGiven(name: string, lastUsedAt: number | undefined): TokenView {
  const unknown = { createdAt: null, createdBy: null, expiresAt: null, revokedAt: null }
  return { name, state: 'valid', scopes: null, ...unknown, lastUsedAt: momentOf(lastUsedAt) }
}

function momentOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
