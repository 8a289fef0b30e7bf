import { createSecretKey, randomUUID } from 'node:crypto'

import { SignJWT } from 'jose'

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
export function createWebhookSigner({ secret, apiKey, applicationId, now, newId = randomUUID }: WebhookSignerOptions) {
  const usage = { name: 'HMAC', hash: 'SHA-256' }
  const key = createSecretKey(secret, 'utf8').toCryptoKey(usage, false, ['sign'])
  return (rawBody: Uint8Array): Promise<string> => {
    const claims = {
      iat: Math.floor(now() / 1000),
      jti: newId(),
      iss: 'Vonage',
      payload_hash: sha256Hex(rawBody),
      api_key: apiKey,
      application_id: applicationId,
      [SENT_BY_US]: true,
    }
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key)
  }
}
