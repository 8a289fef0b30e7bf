import { cutEntry, newId } from '@switchboard/contracts'
import type { AuditEntry, Enqueue, Scope } from '@switchboard/contracts'
import { createFailureThrottle, createSeldom } from '@switchboard/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Caller, TokenCheck } from './api-callers.ts'
import { Problem } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must be good for to come here. */
    scope?: Scope
  }
}

export type RefusalReason = 'unknown' | 'expired' | 'revoked' | 'scope'

export interface RequireTokenDeps {
  callers: { look: (token: string) => Promise<TokenCheck>; noteUse: (name: string) => void }
  /** Called for every request that is refused for its token. */
  countTokenFailure: (reason: RefusalReason) => void
  trail: Enqueue<AuditEntry>
  now: () => number
}

/** Of everybody together: a valid token is never refused for them. */
const FAILURES_PER_MINUTE = 120

const known = new WeakMap<FastifyRequest, Caller>()

/** Whose token a request carries. Only behind `requireToken`. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = known.get(request)
  if (!caller) throw new Error(`${request.url} was reached without a token`)
  return caller
}

/** Every route of this scope takes only callers whose bearer token has the scope it declares; one that declares none is an error. */
export function requireToken(app: FastifyInstance, deps: RequireTokenDeps): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.scope === undefined) throw new Error(`${String(method)} ${url} does not say which scope it needs`)
  })
  app.addHook('onRequest', createCheck(deps))
}

function createCheck({ callers, countTokenFailure, trail, now }: RequireTokenDeps) {
  const failures = createFailureThrottle({ max: FAILURES_PER_MINUTE, windowMs: 60_000, now })
  const seldom = createSeldom(now)
  const traceSeldom = createSeldom(now)

  const trace = async (
    request: FastifyRequest,
    { reason, name, alsoBefore = 0 }: Refusal & { alsoBefore?: number },
  ) => {
    const who =
      name === undefined ? { kind: 'somebody' as const, who: 'somebody' } : { kind: 'token' as const, who: name }
    const detail = [reason, alsoBefore > 0 && `${alsoBefore} more in the minutes before`].filter(Boolean).join(', ')
    const entry = {
      id: newId('api'),
      at: now(),
      ...who,
      via: 'api',
      action: 'token.refused',
      target: request.ip,
      detail,
    } as const
    await trail
      .enqueue(cutEntry(entry))
      .catch((error: unknown) => request.log.warn({ error }, 'token.refusal-not-traced'))
  }

  const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): never => {
    const { reason, name } = refusal
    countTokenFailure(reason)
    const fields = { ip: request.ip, reason, ...(name === undefined ? {} : { name }) }
    seldom((said, event) => request.log.warn(said, event), fields, 'token.refused')
    // Of all addresses together: whoever guesses shall not fill the trail.
    traceSeldom((said) => void trace(request, { ...refusal, ...said }), { reason, name }, 'token.refused')
    if (reason === 'unknown') {
      if (failures.isOver()) throw new Problem(429, 'Too many tries', 'Too many wrong tokens were sent. Wait a minute.')
      failures.count()
    }
    throw unauthorised(reply, refusal)
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { scope } = request.routeOptions.config
    const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) throw unauthorised(reply)
    const check = await callers.look(token)
    if (check.kind === 'unknown') return refuse(request, reply, { reason: 'unknown' })
    if (check.kind !== 'known') return refuse(request, reply, { reason: check.kind, name: check.name })
    const { caller } = check
    if (scope === undefined || !caller.scopes.includes(scope)) {
      return refuse(request, reply, { reason: 'scope', name: caller.name, scope })
    }
    callers.noteUse(caller.name)
    known.set(request, caller)
  }
}

interface Refusal {
  reason: RefusalReason
  name?: string
  scope?: Scope | undefined
}

/** As RFC 6750 has it. */
function unauthorised(reply: FastifyReply, refusal?: Refusal): Problem {
  if (refusal?.reason === 'scope') {
    const { name, scope } = refusal
    void reply.header('www-authenticate', `Bearer error="insufficient_scope", scope="${scope}"`)
    return new Problem(
      403,
      'Not with this token',
      `This needs the scope ${scope}, which the token ${name} does not have.`,
    )
  }
  void reply.header('www-authenticate', refusal ? 'Bearer error="invalid_token"' : 'Bearer')
  return new Problem(401, 'Not authorised', whyNot(refusal))
}

function whyNot(refusal: Refusal | undefined): string {
  if (refusal?.reason === 'expired') return `The token ${refusal.name} has expired.`
  if (refusal?.reason === 'revoked') return `The token ${refusal.name} was revoked.`
  return 'Send a token of the API as "Authorization: Bearer <token>": one of API_TOKENS, or one made by "tokens create".'
}
