import { seal, unseal } from '@switchboard/tokens'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Configuration } from 'openid-client'
import { z } from 'zod'

export interface OidcSettings {
  issuer: string
  clientId: string
  clientSecret?: string | undefined
  /** The claim that says which account it is. */
  nameClaim: string
  /** Where browsers find the console. */
  consoleUrl: string
}

export interface OidcDeps extends OidcSettings {
  sessionSecret: string
  now: () => number
}

export const CALLBACK_PATH = '/login/oidc/callback'
/** To log in at the provider, second factor and all. */
export const PENDING_SECONDS = 600

const pending = z.object({
  verifier: z.string(),
  state: z.string(),
  nonce: z.string(),
  to: z.string(),
  expiresAt: z.number(),
})

/** Why somebody is not let in who came back from the provider. */
export class OidcRefusedError extends Error {
  override readonly name = 'OidcRefusedError'
}

export type Oidc = ReturnType<typeof createOidc>

/** Logins at an OpenID provider: the authorization code flow with PKCE, state and nonce. */
export function createOidc({ sessionSecret, now, ...settings }: OidcDeps) {
  const redirectUri = new URL(CALLBACK_PATH, settings.consoleUrl).href
  const configure = createConfigure(settings)
  return {
    /** Where to send the browser, and what it must bring back with it in a cookie. Throws when the provider is away. */
    async begin(to: string): Promise<{ url: string; sealed: string }> {
      const verifier = randomPKCECodeVerifier()
      const [state, nonce] = [randomState(), randomNonce()]
      const url = buildAuthorizationUrl(await configure(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      const kept = { verifier, state, nonce, to, expiresAt: now() + PENDING_SECONDS * 1_000 }
      return { url: url.href, sealed: seal(sessionSecret, 'oidc', JSON.stringify(kept)) }
    },
    /** Who has come back, by `query` and the cookie. Throws OidcRefusedError, or what the provider says. */
    async finish(query: string, sealed: string | undefined): Promise<{ name: string; to: string }> {
      const opened = sealed === undefined ? undefined : unseal(sessionSecret, 'oidc', sealed)
      const begun = opened === undefined ? undefined : pending.parse(JSON.parse(opened))
      if (!begun || begun.expiresAt < now())
        throw new OidcRefusedError('This login was not begun here, or too long ago.')
      const configuration = await configure()
      const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectUri}${query}`), {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new OidcRefusedError('The provider did not say who you are.')
      const own =
        settings.nameClaim in claims ? claims : await fetchUserInfo(configuration, tokens.access_token, claims.sub)
      return { name: nameIn(own, settings.nameClaim), to: begun.to }
    },
  }
}

/** An address that nobody has checked could be anybody's. */
function nameIn(claims: Record<string, unknown>, claim: string): string {
  if (claim === 'email' && claims['email_verified'] !== true)
    throw new OidcRefusedError('The provider has not verified your e-mail address.')
  const name = claims[claim]
  if (typeof name === 'string' && name !== '') return name
  throw new OidcRefusedError(`The provider does not tell us your ${claim}.`)
}

/** What the provider says of itself is asked for once; one that is away is asked again by the next login. */
function createConfigure({ issuer, clientId, clientSecret }: OidcSettings): () => Promise<Configuration> {
  const url = new URL(issuer)
  const authentication = clientSecret === undefined ? None() : ClientSecretPost(clientSecret)
  // On this machine nobody listens; anywhere else it is https, or the configuration is refused.
  const execute = url.protocol === 'http:' ? [allowInsecureRequests] : []
  let known: Promise<Configuration> | undefined
  return () => {
    known ??= discovery(url, clientId, undefined, authentication, { execute }).catch((error: unknown) => {
      known = undefined
      throw error
    })
    return known
  }
}
