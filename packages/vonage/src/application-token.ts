import { createPrivateKey, randomUUID } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import { SignJWT } from 'jose/jwt/sign'

const LIFETIME_SECONDS = 900
/** The rest is left for clocks that differ and for requests under way. */
const USABLE_SHARE = 0.8
/** A clock that is ahead of Vonage's would sign an `iat` in the future, which is refused. */
const BACKDATED_SECONDS = 10

export interface ApplicationTokenOptions {
  applicationId: string
  /** One of `splitKeys`. */
  privateKey: string
  /** Milliseconds. */
  now: () => number
}

/** The application's RS256 JWT, signed anew when 80 % of its life is over. Throws at once when the key is none. */
export function createApplicationToken({ applicationId, privateKey, now }: ApplicationTokenOptions) {
  const key = importPrivateKey(privateKey)
  let cached: { token: Promise<string>; usableUntil: number } | undefined
  return (): Promise<string> => {
    if (cached === undefined || now() >= cached.usableUntil) {
      const token = sign(key, applicationId, Math.floor(now() / 1000) - BACKDATED_SECONDS)
      cached = { token, usableUntil: now() + LIFETIME_SECONDS * USABLE_SHARE * 1000 }
    }
    return cached.token
  }
}

const KEY = /-----BEGIN ([A-Z ]*KEY)-----[^-]*-----END \1-----/g

/**
 * One key, or several one after the other while one is replaced, as PEM each (PKCS#8 or PKCS#1); newlines may be escaped, as
 * environment variables carry them.
 */
export function splitKeys(pem: string): string[] {
  return pem.replaceAll(String.raw`\n`, '\n').match(KEY) ?? [pem]
}

/** Throws without the key in its message. */
export function importPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem.replaceAll('\\n', '\n').trim())
  } catch {
    throw new Error('the Vonage private key is not a PEM private key')
  }
}

function sign(key: KeyObject, applicationId: string, iat: number): Promise<string> {
  return new SignJWT({ application_id: applicationId, iat, jti: randomUUID(), exp: iat + LIFETIME_SECONDS })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .sign(key)
}
