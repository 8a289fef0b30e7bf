import type { EndedSessions } from '@switchboard/store'
import { issueLinkToken, issueToken, verifyLinkToken, verifyToken } from '@switchboard/tokens'
import { z } from 'zod'

import type { Role } from './passwords.ts'

/** Somebody who is logged in. */
export interface Session {
  id: string
  role: Role
  /** What they called themselves at the login. */
  name: string
  expiresAt: number
  /** Goes into every form: proves that the form came from a page of ours. */
  formToken: string
}

export interface SessionsConfig {
  secret: string
  ttlSeconds: number
  now: () => number
  ended: EndedSessions
}

export type Sessions = ReturnType<typeof createSessions>

const subject = z.tuple([z.enum(['operator', 'viewer']), z.string()])

/** Sessions live in a signed cookie; Redis remembers only those that were ended early. */
export function createSessions({ secret, ttlSeconds, now, ended }: SessionsConfig) {
  return {
    ttlSeconds,
    begin: (role: Role, name: string): Promise<string> =>
      issueToken(secret, { purpose: 'session', subject: JSON.stringify([role, name]), ttlSeconds, now: now() }),
    /** Undefined when the cookie is no good. */
    async read(cookie: string | undefined): Promise<Session | undefined> {
      if (!cookie) return undefined
      const check = await verifyToken(secret, { purpose: 'session', token: cookie, now: now() })
      if (check.kind !== 'valid' || (await ended.hasEnded(check.id))) return undefined
      const [role, name] = subject.parse(JSON.parse(check.subject))
      const formToken = issueLinkToken(secret, { purpose: 'form', subject: check.id, ttlSeconds, now: now() })
      return { id: check.id, role, name, expiresAt: check.expiresAt, formToken }
    },
    isOwnForm(session: Session, token: string): boolean {
      const check = verifyLinkToken(secret, { purpose: 'form', token, now: now() })
      return check.kind === 'valid' && check.subject === session.id
    },
    isOver: async ({ id, expiresAt }: Session): Promise<boolean> => now() >= expiresAt || ended.hasEnded(id),
    end: ({ id, expiresAt }: Session): Promise<void> => ended.end(id, expiresAt),
  }
}
