import { createSecretKey, hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/**
 * What a token is good for. A token of one purpose is worthless for another: each purpose signs with its own key.
 * - `echo`: open the echo WebSocket for one call
 * - `acknowledge`: acknowledge one alert by its link
 * - `signup`: send the sign-up form from the browser that loaded it
 * - `confirm`, `decline`: confirm or decline one sign-up by its link
 * - `session`: be logged in to the console; `form`: send a form of the console in one session
 * - `ticket`: log in to the console once without a password, from the simulator's page
 */
export type TokenPurpose = 'echo' | 'acknowledge' | 'confirm' | 'decline' | 'signup' | 'session' | 'form' | 'ticket'

/** Shorter secrets can be guessed offline from a single token. */
export const MIN_SECRET_LENGTH = 16

/** A process has one secret; more are there in tests only. */
const known = new Map<string, KeyObject>()

/** The signing key of one purpose, derived from the secret of the installation (RFC 5869). */
export function deriveKey(secret: string, purpose: TokenPurpose): KeyObject {
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
