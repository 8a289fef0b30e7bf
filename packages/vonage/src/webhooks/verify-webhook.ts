import { createSecretKey } from 'node:crypto'

import { errors, jwtVerify } from 'jose'
import type { CryptoKey } from 'jose'
import { z } from 'zod'

import { isSameSecret, sha256Hex } from './bytes.ts'
import { forged } from './verdict.ts'
import type { Verdict } from './verdict.ts'

export interface WebhookVerifierOptions {
  /** The account's signature secrets (several while one is replaced), for any API key or by API key. */
  signatureSecrets: readonly string[] | Readonly<Record<string, readonly string[]>>
  /** Ours. A webhook that names another application is refused. */
  applicationIds: readonly string[]
  /** How far `iat` may lie from now. Vonage repeats webhooks for 24 h and may not sign them anew. */
  toleranceSeconds: number
  /** Milliseconds. */
  now: () => number
}

export interface WebhookRequest {
  authorization?: string | undefined
  /** `X-Vonage-Webhook-Auth-Token`: Vonage Cloud Runtime needs `Authorization` for itself. */
  vonageToken?: string | undefined
  /** As received, before any parsing. */
  rawBody: Uint8Array
  method: string
}

const claimsSchema = z.object({
  iat: z.number(),
  jti: z.string().optional(),
  api_key: z.string().optional(),
  application_id: z.string().optional(),
  payload_hash: z.string().optional(),
})
type SignedClaims = z.output<typeof claimsSchema>

/** Verifies JWT-signed webhooks of Messages, Dispatch and Voice (reference: "JWT-signed webhooks"). */
export function createWebhookVerifier(options: WebhookVerifierOptions) {
  const keysFor = importSecrets(options.signatureSecrets)
  return async (request: WebhookRequest): Promise<Verdict> => {
    const token = readToken(request)
    if (token === undefined) return { kind: 'unsigned' }
    const claims = await readClaims(token, keysFor, options.now())
    if (typeof claims === 'string') return forged(claims)
    const problem = claimsProblem(claims, request, options)
    if (problem !== undefined) return forged(problem)
    const { payload_hash: _, ...rest } = claims
    return { kind: 'verified', claims: rest }
  }
}

function claimsProblem(
  claims: SignedClaims,
  { rawBody, method }: WebhookRequest,
  { applicationIds, toleranceSeconds, now }: WebhookVerifierOptions,
): string | undefined {
  if (Math.abs(now() / 1000 - claims.iat) > toleranceSeconds) return 'iat is outside the window'
  if (claims.application_id !== undefined && !applicationIds.includes(claims.application_id)) {
    return 'application_id is not ours'
  }
  if (claims.payload_hash === undefined) {
    // Without it a captured token would vouch for any body. Whether Vonage hashes anything for a GET is not known.
    return method === 'GET' && rawBody.length === 0 ? undefined : 'payload_hash is missing'
  }
  return isSameSecret(claims.payload_hash, sha256Hex(rawBody)) ? undefined : 'payload_hash does not match the body'
}

/** The verified claims, or what is wrong with the token. */
async function readClaims(
  token: string,
  keysFor: (token: string) => CryptoKey[],
  nowMs: number,
): Promise<SignedClaims | string> {
  const keys = keysFor(token)
  if (keys.length === 0) return 'api_key is not known'
  let problem = 'signature does not match'
  for (const key of keys) {
    try {
      const options = { algorithms: ['HS256'], issuer: 'Vonage', currentDate: new Date(nowMs) }
      const { payload } = await jwtVerify(token, key, options)
      const claims = claimsSchema.safeParse(payload)
      return claims.success ? claims.data : 'claims have the wrong form'
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) problem = error.message
    }
  }
  return problem
}

function importSecrets(secrets: WebhookVerifierOptions['signatureSecrets']) {
  if (isList(secrets)) {
    const keys = secrets.map(importSecret)
    return () => keys
  }
  const byApiKey = new Map(Object.entries(secrets).map(([apiKey, list]) => [apiKey, list.map(importSecret)]))
  return (token: string) => byApiKey.get(unverifiedApiKey(token) ?? '') ?? []
}

function isList(secrets: WebhookVerifierOptions['signatureSecrets']): secrets is readonly string[] {
  return Array.isArray(secrets)
}

function importSecret(secret: string): CryptoKey {
  const usage = { name: 'HMAC', hash: 'SHA-256' }
  return createSecretKey(secret, 'utf8').toCryptoKey(usage, false, ['verify'])
}

/** Only picks the key to verify with. */
function unverifiedApiKey(token: string): string | undefined {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    return z.object({ api_key: z.string() }).safeParse(payload).data?.api_key
  } catch {
    return undefined
  }
}

function readToken({ authorization, vonageToken }: WebhookRequest): string | undefined {
  const header = vonageToken || authorization
  return header ? header.replace(/^Bearer +/i, '').trim() : undefined
}
