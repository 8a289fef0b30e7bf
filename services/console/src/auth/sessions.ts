import { createHmac } from 'node:crypto'

import type { Role } from '@switchboard/contracts'
import type { EndedSessions } from '@switchboard/store'
import { issueLinkToken, issueToken, splitSecret, verifyLinkToken, verifyToken } from '@switchboard/tokens'
import { z } from 'zod'

import type { SharedRole } from './passwords.ts'

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
  /** One, or several separated by commas while one is replaced. */
  secret: string
  /** Sessions end when the password they began with is no longer the one. */
  passwords: Partial<Record<SharedRole, string | undefined>>
  ttlSeconds: number
  now: () => number
  ended: EndedSessions
}

export type Sessions = ReturnType<typeof createSessions>

const subject = z.tuple([z.enum(['admin', 'viewer']), z.string(), z.string()])

/** Sessions live in a signed cookie; Redis remembers only those that were ended early. */
export function createSessions({ secret, passwords, ttlSeconds, now, ended }: SessionsConfig) {
  // Of every secret, so that a session goes on while the secret is replaced. The first belongs to the one that signs.
  const marksOf = (role: SharedRole) => splitSecret(secret).map((each) => markOf(each, passwords[role] ?? ''))
  return {
    ttlSeconds,
    begin: (role: SharedRole, name: string): Promise<string> =>
      issueToken(secret, {
        purpose: 'session',
        subject: JSON.stringify([role, name, marksOf(role)[0]]),
        ttlSeconds,
        now: now(),
      }),
    /** Undefined when the cookie is no good. */
    async read(cookie: string | undefined): Promise<Session | undefined> {
      if (!cookie) return undefined
      const check = await verifyToken(secret, { purpose: 'session', token: cookie, now: now() })
      if (check.kind !== 'valid' || (await ended.hasEnded(check.id))) return undefined
      const parsed = subject.safeParse(JSON.parse(check.subject))
      if (!parsed.success) return undefined
      const [role, name, mark] = parsed.data
      if (!marksOf(role).includes(mark)) return undefined
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

/** Says nothing about the password to whoever has no secret of ours. */
function markOf(secret: string, password: string): string {
  return createHmac('sha256', secret).update(`password ${password}`).digest('base64url').slice(0, 12)
}
