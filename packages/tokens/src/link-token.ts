import { createHmac, timingSafeEqual } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import { signingKey, verifyingKeys } from './derive-key.ts'
import type { TokenPurpose } from './derive-key.ts'
import type { TokenRequest } from './token.ts'

export type LinkTokenCheck =
  | { kind: 'valid'; subject: string; expiresAt: number }
  | { kind: 'expired'; subject: string }
  | { kind: 'invalid' }

/** 128 bits of HMAC-SHA256: cannot be guessed, and an SMS is charged by its length. */
const SIGNATURE_BYTES = 16
const SHAPE = /^(?<body>(?<subject>[\w-]{1,100})\.(?<expiry>[0-9a-z]{1,9}))\.(?<signature>[\w-]{22})$/

/**
 * A signed, expiring token short enough for the link in an SMS: `<subject>.<expiry>.<signature>`, about 30 characters
 * longer than its subject (a JWT: 200). The subject (letters, digits, `_`, `-`) can be read by anybody, so it must not be
 * an address. It is not single-use: what it permits must be harmless when done twice.
 */
export function issueLinkToken(secret: string, { purpose, subject, ttlSeconds, now }: TokenRequest): string {
  if (!/^[\w-]{1,100}$/.test(subject)) throw new Error('The subject of a link token may have letters, digits, _ and -')
  const body = `${subject}.${(Math.floor(now / 1_000) + ttlSeconds).toString(36)}`
  return `${body}.${sign(signingKey(secret, purpose), body).toString('base64url')}`
}

export function verifyLinkToken(
  secret: string,
  { purpose, token, now }: { purpose: TokenPurpose; token: string; now: number },
): LinkTokenCheck {
  const parts = SHAPE.exec(token)?.groups
  const { body, subject, expiry, signature } = parts ?? {}
  if (!body || !subject || !expiry || !signature) return { kind: 'invalid' }
  const given = Buffer.from(signature, 'base64url')
  const isSigned = verifyingKeys(secret, purpose).some((key) => timingSafeEqual(given, sign(key, body)))
  if (!isSigned) return { kind: 'invalid' }
  const expiresAt = Number.parseInt(expiry, 36) * 1_000
  return now < expiresAt ? { kind: 'valid', subject, expiresAt } : { kind: 'expired', subject }
}

function sign(key: KeyObject, body: string): Buffer {
  return createHmac('sha256', key).update(body).digest().subarray(0, SIGNATURE_BYTES)
}
