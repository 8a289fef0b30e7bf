import { createSecretKey, hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

import { z } from 'zod'

/**
 * What a token is good for. A token of one purpose is worthless for another: each purpose signs with its own key.
 * - `echo`: open the echo WebSocket for one call
 * - `presence`: say that a process of the echo is there
 * - `acknowledge`: acknowledge one alert by its link
 * - `bundle`: acknowledge what is in one message about several alerts by its link
 * - `call`: say which key was pressed in the call of one message
 * - `signup`: send the sign-up form from the browser that loaded it
 * - `confirm`, `decline`: confirm or decline one sign-up by its link
 * - `session`: be logged in to the console; `form`: send a form of the console in one session
 * - `browser`: somebody has logged in to the console from this browser before
 * - `code`: go on with the login of an account whose password was right, with a code
 * - `totp`: seal the secret of a second factor
 * - `oidc`: seal what a browser keeps while somebody logs in at the OpenID provider
 * - `ticket`: log in to the console once without a password, from the simulator's page
 */
export type TokenPurpose =
  | 'echo'
  | 'presence'
  | 'acknowledge'
  | 'bundle'
  | 'call'
  | 'confirm'
  | 'decline'
  | 'signup'
  | 'session'
  | 'form'
  | 'browser'
  | 'code'
  | 'totp'
  | 'oidc'
  | 'ticket'

/** Shorter secrets can be guessed offline from a single token. */
export const MIN_SECRET_LENGTH = 16

/** A secret, or several separated by commas while one is replaced: the first signs, every one vouches. */
export const signingSecret = z
  .string()
  .refine((text) => splitSecret(text).every(({ length }) => length >= MIN_SECRET_LENGTH), {
    message: `must have at least ${MIN_SECRET_LENGTH} characters (each, where there are several)`,
  })

/** A process has one secret, or two while it is replaced; more are there in tests only. */
const known = new Map<string, KeyObject>()

/** The key of one purpose that signs, derived from the secret of the installation (RFC 5869). */
export function signingKey(secret: string, purpose: TokenPurpose): KeyObject {
  return deriveKey(splitSecret(secret)[0] ?? '', purpose)
}

/** The keys of one purpose that vouch for a token. */
export function verifyingKeys(secret: string, purpose: TokenPurpose): KeyObject[] {
  return splitSecret(secret).map((each) => deriveKey(each, purpose))
}

export function splitSecret(secret: string): string[] {
  return secret.split(',').map((each) => each.trim())
}

function deriveKey(secret: string, purpose: TokenPurpose): KeyObject {
  const name = `${purpose} ${secret}`
  const key = known.get(name) ?? derive(secret, purpose)
  known.set(name, key)
  return key
}

function derive(secret: string, purpose: TokenPurpose): KeyObject {
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new Error(`The secret that signs tokens needs at least ${MIN_SECRET_LENGTH} characters`)
  }
  return createSecretKey(new Uint8Array(hkdfSync('sha256', secret, 'switchboard-tokens', purpose, 32)))
}
