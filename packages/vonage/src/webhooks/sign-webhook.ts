import { createSecretKey, randomUUID } from 'node:crypto'

import { SignJWT } from 'jose/jwt/sign'

import { sha256Hex } from './bytes.ts'

export interface WebhookSignerOptions {
  secret: string
  apiKey: string
  applicationId: string
  /** Milliseconds. */
  now: () => number
  newId?: () => string
}

/** The claim that marks tokens of ours: who receives them must not be able to send them to us as Vonage's. */
export const SENT_BY_US = 'switchboard'

/** Signs the webhooks that our Dispatch-compatible endpoint posts, as Vonage signs its own. Returns the JWT. */
export function createWebhookSigner(options: WebhookSignerOptions) {
  return (rawBody: Uint8Array): Promise<string> => sign(rawBody, options, { [SENT_BY_US]: true })
}

/** For a test that we send to ourselves: our webhook routes take the token for one of Vonage. Send it to nobody else. */
export function signAsVonage(rawBody: Uint8Array, options: WebhookSignerOptions): Promise<string> {
  return sign(rawBody, options, {})
}

async function sign(
  rawBody: Uint8Array,
  { secret, apiKey, applicationId, now, newId = randomUUID }: WebhookSignerOptions,
  mark: Record<string, boolean>,
): Promise<string> {
  const usage = { name: 'HMAC', hash: 'SHA-256' }
  const key = createSecretKey(secret, 'utf8').toCryptoKey(usage, false, ['sign'])
  const claims = {
    iat: Math.floor(now() / 1000),
    jti: newId(),
    iss: 'Vonage',
    payload_hash: sha256Hex(rawBody),
    api_key: apiKey,
    application_id: applicationId,
    ...mark,
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key)
}
