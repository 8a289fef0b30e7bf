import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import { JOSEError } from 'jose/errors'
import { jwtVerify } from 'jose/jwt/verify'
import { z } from 'zod'

import { importPrivateKey, splitKeys } from './application-token.ts'
import { isSameSecret } from './webhooks/bytes.ts'
import { forged } from './webhooks/verdict.ts'
import type { Verdict } from './webhooks/verdict.ts'

export interface CallerVerifierOptions {
  applicationId: string
  /** PEM. One of the two, the public key is part of the private one; several while they are replaced. */
  publicKey?: string | undefined
  privateKey?: string | undefined
  /** For Basic. Without them Basic is refused. */
  apiKey?: string | undefined
  apiSecret?: string | undefined
  /** Milliseconds. */
  now: () => number
}

/** Without `exp` a token lives 15 minutes; nothing lives longer than a day (reference: "Application JWT"). */
const DEFAULT_LIFE_SECONDS = 900
const MAX_LIFE_SECONDS = 86_400
const CLOCK_SKEW_SECONDS = 30

const claimsSchema = z.object({
  application_id: z.string(),
  iat: z.number(),
  jti: z.string().min(1),
  exp: z.number().optional(),
})

/** Checks callers of our Dispatch endpoint as Vonage checks its own: application JWT or Basic. */
export function createCallerVerifier(options: CallerVerifierOptions) {
  const publicKeys = importPublicKeys(options)
  return async (authorization: string | undefined): Promise<Verdict> => {
    const [scheme = '', credentials = ''] = (authorization ?? '').trim().split(/ +/)
    switch (scheme.toLowerCase()) {
      case '':
        return { kind: 'unsigned' }
      case 'basic':
        return verifyBasic(credentials, options)
      case 'bearer':
        return verifyToken(credentials, publicKeys, options)
      default:
        return forged('neither Bearer nor Basic')
    }
  }
}

function verifyBasic(credentials: string, { apiKey, apiSecret, now }: CallerVerifierOptions): Verdict {
  if (!apiKey || !apiSecret) return forged('no API key is configured')
  const isRight = isSameSecret(Buffer.from(credentials, 'base64').toString(), `${apiKey}:${apiSecret}`)
  const claims = { iat: Math.floor(now() / 1000), api_key: apiKey }
  return isRight ? { kind: 'verified', claims } : forged('wrong API key or secret')
}

async function verifyToken(token: string, keys: KeyObject[], options: CallerVerifierOptions): Promise<Verdict> {
  let verdict = forged('there is no key')
  for (const key of keys) {
    verdict = await verifyTokenBy(key, token, options)
    if (verdict.kind === 'verified') return verdict
  }
  return verdict
}

async function verifyTokenBy(
  key: KeyObject,
  token: string,
  { applicationId, now }: CallerVerifierOptions,
): Promise<Verdict> {
  try {
    const nowMs = now()
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      currentDate: new Date(nowMs),
      clockTolerance: CLOCK_SKEW_SECONDS,
    })
    const claims = claimsSchema.safeParse(payload)
    if (!claims.success) return forged('claims have the wrong form')
    const { iat, jti, exp = iat + DEFAULT_LIFE_SECONDS, application_id } = claims.data
    if (application_id !== applicationId) return forged('application_id is not ours')
    if (exp - iat > MAX_LIFE_SECONDS) return forged('token lives longer than a day')
    if (iat > nowMs / 1000 + CLOCK_SKEW_SECONDS) return forged('iat is in the future')
    if (exp < nowMs / 1000 - CLOCK_SKEW_SECONDS) return forged('token has expired')
    return { kind: 'verified', claims: { iat, jti, application_id } }
  } catch (error) {
    if (error instanceof JOSEError) return forged(error.message)
    throw error
  }
}

function importPublicKeys({ publicKey, privateKey }: CallerVerifierOptions): KeyObject[] {
  if (publicKey !== undefined) return splitKeys(publicKey).map((pem) => createPublicKey(pem))
  if (privateKey !== undefined) return splitKeys(privateKey).map((pem) => createPublicKey(importPrivateKey(pem)))
  throw new Error('verifying callers needs the public or the private key of the application')
}
