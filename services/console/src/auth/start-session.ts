import type { OpenSessions } from '@switchboard/store'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { SESSION_COOKIE } from './require-session.ts'
import type { Identity, Sessions } from './sessions.ts'

export interface StartSessionDeps {
  sessions: Pick<Sessions, 'begin' | 'read' | 'ttlSeconds'>
  openSessions: Pick<OpenSessions, 'add'>
  /** Where browsers find the console, if that is known. */
  consoleUrl?: string | undefined
  now: () => number
}

/** Logs the browser in that gets this answer. */
export async function startSession(
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
  { sessions, openSessions, consoleUrl, now }: StartSessionDeps,
): Promise<void> {
  const cookie = await sessions.begin(identity)
  const session = identity.kind === 'account' ? await sessions.read(cookie) : undefined
  if (session && identity.kind === 'account') {
    await openSessions.add(identity.name, {
      id: session.id,
      epoch: identity.epoch,
      since: now(),
      expiresAt: session.expiresAt,
      browser: (request.headers['user-agent'] ?? '').slice(0, 200),
      ip: request.ip,
    })
  }
  void reply.setCookie(SESSION_COOKIE, cookie, {
    path: '/',
    httpOnly: true,
    // Lax: a link to an alert in a chat opens it. Nothing changes by GET, and every form carries a token.
    sameSite: 'lax',
    secure: isSecure(request, consoleUrl),
    maxAge: sessions.ttlSeconds,
  })
}

/** Also where TLS ends at a proxy that nobody has told us of: the browser says where its page is from. */
export function isSecure({ protocol, headers }: FastifyRequest, consoleUrl?: string): boolean {
  if (consoleUrl?.startsWith('https:')) return true
  return protocol === 'https' || headers.origin?.startsWith('https:') === true
}
