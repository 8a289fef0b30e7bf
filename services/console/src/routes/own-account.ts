import type { Account } from '@switchboard/store'
import { isPassword } from '@switchboard/tokens'
import type { FastifyRequest } from 'fastify'

import { lookAt } from '../auth/refuse-login.ts'
import { sessionOf } from '../auth/require-session.ts'
import { Refusal } from '../refusal.ts'
import type { RouteDeps } from './route-deps.ts'

/** Undefined: they are logged in with a password that several people know. */
export async function accountOf(request: FastifyRequest, { accounts }: RouteDeps): Promise<Account | undefined> {
  const { identity } = sessionOf(request)
  return identity.kind === 'account' ? accounts.get(identity.name) : undefined
}

export async function requireAccount(request: FastifyRequest, deps: RouteDeps): Promise<Account> {
  const account = await accountOf(request, deps)
  if (account) return account
  throw new Refusal(409, 'No account', 'You are logged in with a password of the installation, not with your own.')
}

/** Whoever sits down at somebody's desk guesses no more often than at the login; those who guess there are no hindrance here. */
export async function requirePassword(account: Account, given: string, { loginThrottle }: RouteDeps): Promise<void> {
  const isRight = await lookAt({ place: 'session', name: account.name }, loginThrottle, {
    look: () => isPassword(given, account.password),
    isWrong: (right) => !right,
  })
  if (!isRight) throw new Refusal(403, 'Not changed', 'That is not your password.')
}
