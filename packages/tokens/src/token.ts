import { randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import { JOSEError, JWTExpired } from 'jose/errors'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import { z } from 'zod'

import { signingKey, verifyingKeys } from './derive-key.ts'
import type { TokenPurpose } from './derive-key.ts'

export interface TokenRequest {
  purpose: TokenPurpose
  /** Whom or what the token is about: a call, an alert. */
  subject: string
  ttlSeconds: number
  /** Milliseconds. */
  now: number
}

export type TokenCheck =
  | { kind: 'valid'; subject: string; id: string; expiresAt: number }
  | { kind: 'expired' }
  | { kind: 'invalid' }

const claims = z.object({ sub: z.string().min(1), jti: z.string().min(1), exp: z.number() })

/** A signed JWT (HS256) with `sub`, `aud`, `jti`, `iat` and `exp`. For the short tokens of links see `issueLinkToken`. */
export function issueToken(secret: string, { purpose, subject, ttlSeconds, now }: TokenRequest): Promise<string> {
  const issuedAt = Math.floor(now / 1_000)
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(subject)
    .setAudience(purpose)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(signingKey(secret, purpose))
}

/**
 * Checks signature, purpose and expiry. Whoever must not accept a token twice remembers its `id` until `expiresAt`
 * (milliseconds).
 */
export async function verifyToken(
  secret: string,
  { purpose, token, now }: { purpose: TokenPurpose; token: string; now: number },
): Promise<TokenCheck> {
  let check: TokenCheck = { kind: 'invalid' }
  for (const key of verifyingKeys(secret, purpose)) {
    check = await verifyWith(key, purpose, token, now)
    if (check.kind !== 'invalid') break
  }
  return check
}

async function verifyWith(key: KeyObject, purpose: TokenPurpose, token: string, now: number): Promise<TokenCheck> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience: purpose,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'jti', 'exp'],
    })
    const parsed = claims.safeParse(payload)
    if (!parsed.success) return { kind: 'invalid' }
    return { kind: 'valid', subject: parsed.data.sub, id: parsed.data.jti, expiresAt: parsed.data.exp * 1_000 }
  } catch (error) {
    if (error instanceof JWTExpired) return { kind: 'expired' }
    if (error instanceof JOSEError) return { kind: 'invalid' }
    throw error
  }
}
