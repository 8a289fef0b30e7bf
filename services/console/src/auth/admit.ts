import type { Accounts } from '@switchboard/store'
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Trail } from '../trail.ts'
import type { LoginCheck } from './check-login.ts'
import type { KnownBrowsers } from './known-browsers.ts'
import type { Identity } from './sessions.ts'
import { startSession } from './start-session.ts'
import type { StartSessionDeps } from './start-session.ts'

export interface AdmitDeps extends StartSessionDeps {
  accounts: Pick<Accounts, 'change'>
  knownBrowsers: KnownBrowsers
  trail: Trail
}

type Admitted = Extract<LoginCheck, { kind: 'shared' | 'account' }>

/** Logs somebody in who has shown who they are, and writes that down. `how`: when it was another way than the usual one. */
export async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  check: Admitted,
  deps: AdmitDeps,
  how?: string,
): Promise<void> {
  const { name, role } = check.kind === 'shared' ? check : check.account
  const at = deps.now()
  const identity = check.kind === 'shared' ? check : identityOf(check)
  await startSession(request, reply, identity, deps)
  deps.knownBrowsers.remember(request, reply, name)
  if (check.kind === 'account') await deps.accounts.change(name, (account) => ({ ...account, lastLoginAt: at }))
  const kind = check.kind === 'shared' ? 'somebody' : 'account'
  await deps.trail.add({ at, who: name, kind, action: 'login', target: role, ...(how ? { detail: how } : {}) })
  request.log.info({ role }, 'login.accepted')
}

function identityOf({ account, provider }: Extract<LoginCheck, { kind: 'account' }>): Identity {
  const { name, epoch } = account
  return { kind: 'account', name, epoch, ...(provider ? { provider } : {}) }
}
