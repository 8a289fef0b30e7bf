import type { Account, Accounts } from '@switchboard/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { Refusal } from '../refusal.ts'
import { admit } from './admit.ts'
import type { AdmitDeps } from './admit.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { CALLBACK_PATH, OidcRefusedError, PENDING_SECONDS } from './oidc.ts'
import type { Oidc } from './oidc.ts'
import { lookAtLogin } from './refuse-login.ts'
import type { RefuseLogin } from './refuse-login.ts'
import { safeTarget } from './safe-target.ts'
import { isSecure } from './start-session.ts'

export interface OidcRouteDeps extends AdmitDeps {
  oidc: Oidc
  accounts: Pick<Accounts, 'get' | 'change'>
  loginThrottle: LoginThrottle
  refuse: RefuseLogin
}

const COOKIE = 'switchboard_oidc'

/** There and back: a login at the provider of the installation. */
export function oidcRoutes(app: FastifyInstance, deps: OidcRouteDeps): void {
  const { oidc, refuse } = deps
  app.get<{ Querystring: { to?: unknown } }>('/login/oidc', { config: { rateLimit: {} } }, async (request, reply) => {
    const { url, sealed } = await oidc.begin(safeTarget(request.query.to)).catch((error: unknown) => {
      request.log.error({ error }, 'oidc.provider-away')
      throw new Refusal(503, 'The provider does not answer', 'Try again in a moment, or log in with a password.')
    })
    const lives = { path: CALLBACK_PATH, httpOnly: true, sameSite: 'lax', maxAge: PENDING_SECONDS } as const
    return reply
      .header('cache-control', 'no-store')
      .setCookie(COOKIE, sealed, { ...lives, secure: isSecure(request, deps.consoleUrl) })
      .redirect(url, 303)
  })

  app.get(CALLBACK_PATH, { config: { rateLimit: {} } }, async (request, reply) => {
    void reply.clearCookie(COOKIE, { path: CALLBACK_PATH }).header('cache-control', 'no-store')
    const came = await lookAtLogin(request, '', deps, {
      look: () => readCallback(request, deps),
      isWrong: ({ kind }) => kind === 'refused',
    })
    if (came.kind === 'refused') {
      request.log.info({ error: came.error }, 'oidc.refused')
      await refuse(request, 'single sign-on')
      const why =
        came.error instanceof OidcRefusedError ? came.error.message : 'What came back from the provider is not good.'
      throw new Refusal(403, 'Not logged in', `${why} Log in again, or with a password.`)
    }
    await admit(request, reply, { kind: 'account', account: came.account, provider: true }, deps, 'OIDC')
    return reply.redirect(safeTarget(came.to), 303)
  })
}

type Callback = { kind: 'account'; account: Account; to: string } | { kind: 'refused'; error: unknown }

/** Who comes back from the provider. */
async function readCallback(request: FastifyRequest, { oidc, accounts }: OidcRouteDeps): Promise<Callback> {
  const query = URL.parse(request.url, 'http://console')?.search ?? ''
  const finished = await oidc.finish(query, request.cookies[COOKIE]).catch((error: unknown) => ({ error }))
  if ('error' in finished) return { kind: 'refused', ...finished }
  const { name, to } = finished
  const account = await accounts.get(name)
  if (account && account.disabledAt === undefined) return { kind: 'account', account, to }
  const why = `There is no account ${name} here. Ask an admin for one of that name.`
  return { kind: 'refused', error: new OidcRefusedError(why) }
}
