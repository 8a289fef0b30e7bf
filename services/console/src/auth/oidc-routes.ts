import type { Accounts } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'

import { Refusal } from '../refusal.ts'
import { admit } from './admit.ts'
import type { AdmitDeps } from './admit.ts'
import type { LoginThrottle } from './login-throttle.ts'
import { CALLBACK_PATH, OidcRefusedError, PENDING_SECONDS } from './oidc.ts'
import type { Oidc } from './oidc.ts'
import { requireNoGuessing } from './refuse-login.ts'
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
  app.get<{ Querystring: { to?: string } }>('/login/oidc', { config: { rateLimit: {} } }, async (request, reply) => {
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
    requireNoGuessing(request, '', deps)
    void reply.clearCookie(COOKIE, { path: CALLBACK_PATH }).header('cache-control', 'no-store')
    try {
      const { name, to } = await oidc.finish(
        URL.parse(request.url, 'http://console')?.search ?? '',
        request.cookies[COOKIE],
      )
      const account = await deps.accounts.get(name)
      if (!account || account.disabledAt !== undefined)
        throw new OidcRefusedError(`There is no account ${name} here. Ask an admin for one of that name.`)
      await admit(request, reply, { kind: 'account', account, provider: true }, deps, 'OIDC')
      return await reply.redirect(safeTarget(to), 303)
    } catch (error) {
      request.log.info({ error }, 'oidc.refused')
      await refuse(request, '', 'single sign-on')
      const why = error instanceof OidcRefusedError ? error.message : 'What came back from the provider is not good.'
      throw new Refusal(403, 'Not logged in', `${why} Log in again, or with a password.`)
    }
  })
}
