import { createServer } from 'node:http'

import Provider from 'oidc-provider'

import { findFreePort } from '../../scripts/ports.ts'

export interface OpenidProvider extends AsyncDisposable {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/**
 * A real OpenID provider on this machine, with its own pages, where anybody logs in under any name. Whose name begins with
 * `unverified` has an address that nobody has checked.
 */
export async function startOpenidProvider(redirectUri: string): Promise<OpenidProvider> {
  const port = await findFreePort()
  const issuer = `http://127.0.0.1:${port}`
  const client = { clientId: 'console', clientSecret: 'secret-of-the-console' }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key of the tests'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: !id.startsWith('unverified'), name: id }),
    }),
  })
  const server = createServer(provider.callback())
  await new Promise<void>((listening) => void server.listen(port, '127.0.0.1', listening))
  return {
    issuer,
    ...client,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((closed) => void server.close(() => closed()))
    },
  }
}
