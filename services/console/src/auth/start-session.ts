import type { FastifyReply, FastifyRequest } from 'fastify'

import { SESSION_COOKIE } from './require-session.ts'
import type { Identity, Sessions } from './sessions.ts'

/** Logs the browser in that gets this answer. */
export async function startSession(
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
  sessions: Pick<Sessions, 'begin' | 'ttlSeconds'>,
): Promise<void> {
  void reply.setCookie(SESSION_COOKIE, await sessions.begin(identity), {
    path: '/',
    httpOnly: true,
    // Lax: a link to an alert in a chat opens it. Nothing changes by GET, and every form carries a token.
    sameSite: 'lax',
    secure: isSecure(request),
    maxAge: sessions.ttlSeconds,
  })
}

/** Also where TLS ends at a proxy that nobody has told us of: the browser says where its page is from. */
export function isSecure({ protocol, headers }: FastifyRequest): boolean {
  return protocol === 'https' || headers.origin?.startsWith('https:') === true
}
