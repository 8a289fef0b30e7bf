import { createHmac } from 'node:crypto'

import type { Role } from '@switchboard/contracts'
import type { Account, Accounts, EndedSessions } from '@switchboard/store'
import { issueLinkToken, issueToken, splitSecret, verifyLinkToken, verifyToken } from '@switchboard/tokens'
import { z } from 'zod'

import type { SharedRole } from './passwords.ts'
import type { SecondFactorRule } from './second-factor-rule.ts'

/** Who a session is of: an account, or somebody with one of the two shared passwords and a name that they chose. */
export type Identity =
  | { kind: 'shared'; role: SharedRole; name: string }
  /** `provider`: an OpenID provider has said who it is. */
  | { kind: 'account'; name: string; epoch: number; provider?: true }

/** Somebody who is logged in. */
export interface Session {
  id: string
  role: Role
  /** Of the account, or what somebody without one called themselves at the login. */
  name: string
  identity: Identity
  /** They see nothing but the page on which they give it: a password of their own, a second factor. */
  owes?: 'password' | 'second-factor' | undefined
  expiresAt: number
  /** Goes into every form: proves that the form came from a page of ours. */
  formToken: string
}

export interface SessionsConfig {
  /** One, or several separated by commas while one is replaced. */
  secret: string
  /** Sessions end when the password they began with is no longer the one. */
  passwords: Partial<Record<SharedRole, string | undefined>>
  accounts: Pick<Accounts, 'get'>
  secondFactor: SecondFactorRule
  ttlSeconds: number
  now: () => number
  ended: EndedSessions
}

export type Sessions = ReturnType<typeof createSessions>

const subject = z.union([
  z.tuple([z.enum(['admin', 'viewer']), z.string(), z.string()]),
  z.tuple([z.literal('account'), z.string(), z.number()]),
  z.tuple([z.literal('provider'), z.string(), z.number()]),
])

/** Sessions live in a signed cookie; Redis remembers only those that were ended early. */
export function createSessions({ secret, passwords, accounts, secondFactor, ttlSeconds, now, ended }: SessionsConfig) {
  // Of every secret, so that a session goes on while the secret is replaced. The first belongs to the one that signs.
  const marksOf = (role: SharedRole) => splitSecret(secret).map((each) => markOf(each, passwords[role] ?? ''))

  function subjectOf(identity: Identity): z.infer<typeof subject> {
    if (identity.kind === 'account') return [identity.provider ? 'provider' : 'account', identity.name, identity.epoch]
    return [identity.role, identity.name, marksOf(identity.role)[0] ?? '']
  }

  function identityOf([kind, name, mark]: z.infer<typeof subject>): Identity | undefined {
    if (kind === 'account') return { kind, name, epoch: mark }
    if (kind === 'provider') return { kind: 'account', name, epoch: mark, provider: true }
    return marksOf(kind).includes(mark) ? { kind: 'shared', role: kind, name } : undefined
  }

  /** As they are now: an account is looked at for every request. Undefined: the session is over. */
  async function lookUp(identity: Identity): Promise<Pick<Session, 'role' | 'owes'> | undefined> {
    if (identity.kind === 'shared') return (await secondFactor.isSharedOver()) ? undefined : { role: identity.role }
    const found = await accounts.get(identity.name)
    if (!found || found.disabledAt !== undefined || found.epoch !== identity.epoch) return undefined
    return { role: found.role, owes: owedBy(identity, found) }
  }

  function owedBy({ provider }: { provider?: true }, account: Account): Session['owes'] {
    // The password that an admin has made is of no use to who never needs one, and codes are the provider's to ask for.
    if (provider) return undefined
    if (account.mustChangePassword) return 'password'
    return secondFactor.isRequired && !account.secondFactor ? 'second-factor' : undefined
  }

  return {
    ttlSeconds,
    begin: (identity: Identity): Promise<string> =>
      issueToken(secret, {
        purpose: 'session',
        subject: JSON.stringify(subjectOf(identity)),
        ttlSeconds,
        now: now(),
      }),
    /** Undefined when the cookie is no good. */
    async read(cookie: string | undefined): Promise<Session | undefined> {
      if (!cookie) return undefined
      const check = await verifyToken(secret, { purpose: 'session', token: cookie, now: now() })
      if (check.kind !== 'valid') return undefined
      const parsed = subject.safeParse(JSON.parse(check.subject))
      const identity = parsed.success ? identityOf(parsed.data) : undefined
      if (!identity) return undefined
      const [hasEnded, found] = await Promise.all([ended.hasEnded(check.id), lookUp(identity)])
      if (hasEnded || !found) return undefined
      const formToken = issueLinkToken(secret, { purpose: 'form', subject: check.id, ttlSeconds, now: now() })
      return {
        id: check.id,
        ...found,
        name: identity.name,
        identity,
        expiresAt: check.expiresAt,
        formToken,
      }
    },
    isOwnForm(session: Session, token: string): boolean {
      const check = verifyLinkToken(secret, { purpose: 'form', token, now: now() })
      return check.kind === 'valid' && check.subject === session.id
    },
    async isOver({ id, expiresAt, identity }: Session): Promise<boolean> {
      return now() >= expiresAt || (await ended.hasEnded(id)) || (await lookUp(identity)) === undefined
    },
    end: ({ id, expiresAt }: Pick<Session, 'id' | 'expiresAt'>): Promise<void> => ended.end(id, expiresAt),
  }
}

/** Says nothing about the password to whoever has no secret of ours. */
function markOf(secret: string, password: string): string {
  return createHmac('sha256', secret).update(`password ${password}`).digest('base64url').slice(0, 12)
}
