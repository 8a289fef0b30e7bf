import type { Account, Accounts } from '@switchboard/store'
import { issueToken, verifyToken } from '@switchboard/tokens'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { Refusal } from '../refusal.ts'
import type { Pages } from '../render.ts'
import { admit } from './admit.ts'
import type { AdmitDeps } from './admit.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { lookAtLogin } from './refuse-login.ts'
import type { RefuseLogin } from './refuse-login.ts'
import { requireSameOrigin } from './require-session.ts'
import { safeTarget } from './safe-target.ts'
import { useCode } from './second-factor.ts'

export interface AskDeps {
  sessionSecret: string
  pages: Pick<Pages, 'render'>
  now: () => number
}

export interface CodeDeps extends AskDeps, AdmitDeps {
  accounts: Pick<Accounts, 'get' | 'change'>
  loginThrottle: LoginThrottle
  refuse: RefuseLogin
}

/** To find the phone and type six digits. */
const TTL_SECONDS = 300

/** Asks for the second factor of an account whose password was right. */
export async function askForCode(
  reply: FastifyReply,
  { name, epoch }: Account,
  to: string,
  { sessionSecret, pages, now }: AskDeps,
  problem?: string,
): Promise<FastifyReply> {
  const subject = JSON.stringify([name, epoch])
  const pending = await issueToken(sessionSecret, { purpose: 'code', subject, ttlSeconds: TTL_SECONDS, now: now() })
  return reply
    .headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' })
    .send(pages.render('login-code', { pending, to, problem }))
}

const form = z.object({
  pending: z.string().max(1_000),
  code: z.string().max(60),
  to: z.string().max(500).default('/'),
})

/** The second half of a login. Each code of the app and each recovery code is good once, whoever else sends it meanwhile. */
export function codeRoute(app: FastifyInstance, deps: CodeDeps): void {
  const { accounts, sessionSecret, refuse, now } = deps
  app.post('/login/code', { config: { needs: 'stranger', rateLimit: {} } }, async (request, reply) => {
    requireSameOrigin(request)
    const { pending, code, to } = readInput(form, request.body)
    const account = await readPending(pending, deps)
    if (!account) throw new Refusal(401, 'Too late', 'Log in again.')
    const { name } = account
    let how = 'code'
    const take = (current: Account) => {
      const next = useCode(current, code, sessionSecret, now())
      how = next && next.recoveryCodes.length < current.recoveryCodes.length ? 'recovery code' : 'code'
      return next
    }
    const used = await lookAtLogin(request, name, deps, {
      look: () => accounts.change(name, take),
      isWrong: (changed) => changed === undefined,
    })
    if (used) {
      await admit(request, reply, { kind: 'account', account: used }, deps, how)
      return reply.redirect(safeTarget(to), 303)
    }
    await refuse(request, 'code')
    return askForCode(reply.code(401), account, safeTarget(to), deps, 'That is not a code, or it was used before.')
  })
}

/** The account as it is, if nothing has become of it since its password was right. */
async function readPending(token: string, { accounts, sessionSecret, now }: CodeDeps): Promise<Account | undefined> {
  const check = await verifyToken(sessionSecret, { purpose: 'code', token, now: now() })
  if (check.kind !== 'valid') return undefined
  const [name, epoch] = z.tuple([z.string(), z.number()]).parse(JSON.parse(check.subject))
  const account = await accounts.get(name)
  return account && account.epoch === epoch && account.disabledAt === undefined ? account : undefined
}
