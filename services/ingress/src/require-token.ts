import { createHash, timingSafeEqual } from 'node:crypto'

import { createFailureThrottle, createSeldom } from '@switchboard/runtime'
import type { FastifyRequest } from 'fastify'

import { Problem } from './problem.ts'

export interface RequireTokenDeps {
  apiTokens: string[]
  countTokenFailure: () => void
  now: () => number
}

/** Of everybody together: a valid token is never refused for them. */
const FAILURES_PER_MINUTE = 120

/** A hook that lets only callers through whose bearer token is one of ours. */
export function createRequireToken({ apiTokens, countTokenFailure, now }: RequireTokenDeps) {
  const known = apiTokens.map(digest)
  const failures = createFailureThrottle({ max: FAILURES_PER_MINUTE, windowMs: 60_000, now })
  const seldom = createSeldom(now)
  return async (request: FastifyRequest): Promise<void> => {
    const given = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (given !== undefined) {
      const candidate = digest(given)
      if (known.some((token) => timingSafeEqual(token, candidate))) return
      countTokenFailure()
      seldom((fields, event) => request.log.warn(fields, event), { ip: request.ip }, 'token.refused')
      if (failures.isOver()) throw new Problem(429, 'Too many tries', 'Too many wrong tokens were sent. Wait a minute.')
      failures.count()
    }
    const hint = known.length === 0 ? ' No API_TOKENS are configured.' : ''
    throw new Problem(401, 'Not authorised', `Send one of the API_TOKENS as "Authorization: Bearer <token>".${hint}`)
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
