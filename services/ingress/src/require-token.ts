import { createHash, timingSafeEqual } from 'node:crypto'

import type { FastifyRequest } from 'fastify'

import { Problem } from './problem.ts'

/** A hook that lets only callers through whose bearer token is one of ours. */
export function createRequireToken(tokens: string[]) {
  const known = tokens.map(digest)
  return async (request: FastifyRequest): Promise<void> => {
    const given = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (given !== undefined) {
      const candidate = digest(given)
      if (known.some((token) => timingSafeEqual(token, candidate))) return
    }
    const hint = known.length === 0 ? ' No API_TOKENS are configured.' : ''
    throw new Problem(401, 'Not authorised', `Send one of the API_TOKENS as "Authorization: Bearer <token>".${hint}`)
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
