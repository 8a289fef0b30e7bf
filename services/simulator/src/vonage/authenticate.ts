import { timingSafeEqual } from 'node:crypto'

import type { CryptoKey } from 'jose'
import { JWTExpired } from 'jose/errors'
import { jwtVerify } from 'jose/jwt/verify'
import { importSPKI } from 'jose/key/import'
import { z } from 'zod'

import type { Credentials } from '../credentials.ts'

export type Identity =
  | { kind: 'jwt'; applicationId: string }
  | { kind: 'basic' }
  | { kind: 'nobody'; reason: string; isExpired?: boolean }

export interface Authenticator {
  /** Who sent a request with this Authorization header. Never throws. */
  identify(authorization: string | undefined): Promise<Identity>
}

const claims = z.looseObject({
  application_id: z.string(),
  iat: z.number(),
  jti: z.string(),
  exp: z.number().optional(),
})
const DEFAULT_LIFETIME_SECONDS = 15 * 60
const LONGEST_LIFETIME_SECONDS = 24 * 3_600
/** How far in the future `iat` may lie: clocks differ. */
const SKEW_SECONDS = 30

export function createAuthenticator(
  credentials: Credentials,
  nowSeconds: () => number = () => Date.now() / 1_000,
): Authenticator {
  let key: Promise<CryptoKey> | undefined
  const publicKey = () => (key ??= importSPKI(credentials.publicKey, 'RS256'))

  return {
    async identify(authorization) {
      const [scheme = '', value = ''] = (authorization ?? '').split(' ')
      if (value === '') return { kind: 'nobody', reason: 'no Authorization header' }
      if (scheme.toLowerCase() === 'basic') return identifyBasic(value, credentials)
      if (scheme.toLowerCase() !== 'bearer') return { kind: 'nobody', reason: `unknown scheme ${scheme}` }
      return identifyToken(value, await publicKey(), credentials.applicationId, nowSeconds())
    },
  }
}

async function identifyToken(token: string, key: CryptoKey, applicationId: string, now: number): Promise<Identity> {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ['RS256'], clockTolerance: SKEW_SECONDS })
    const parsed = claims.safeParse(payload)
    if (!parsed.success) return { kind: 'nobody', reason: 'the token lacks application_id, iat or jti' }
    const { application_id, iat, exp } = parsed.data
    if (application_id !== applicationId) return { kind: 'nobody', reason: `unknown application ${application_id}` }
    if (iat > now + SKEW_SECONDS) return { kind: 'nobody', reason: 'iat lies in the future' }
    const expiresAt = exp ?? iat + DEFAULT_LIFETIME_SECONDS
    if (expiresAt - iat > LONGEST_LIFETIME_SECONDS)
      return { kind: 'nobody', reason: 'the token lives longer than 24 h' }
    if (expiresAt < now - SKEW_SECONDS) return { kind: 'nobody', reason: 'the token has expired', isExpired: true }
    return { kind: 'jwt', applicationId }
  } catch (error) {
    const isExpired = error instanceof JWTExpired
    const reason = error instanceof Error ? error.message : 'not a token'
    return { kind: 'nobody', reason: isExpired ? 'the token has expired' : reason, isExpired }
  }
}

function identifyBasic(value: string, credentials: Credentials): Identity {
  const [key = '', ...rest] = Buffer.from(value, 'base64').toString().split(':')
  return isKnown(key, rest.join(':'), credentials)
    ? { kind: 'basic' }
    : { kind: 'nobody', reason: 'unknown api key or wrong secret' }
}

export function isKnown(apiKey: string, apiSecret: string, credentials: Credentials): boolean {
  return equal(apiKey, credentials.apiKey) && equal(apiSecret, credentials.apiSecret)
}

export function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
