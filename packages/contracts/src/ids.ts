import { createHash, randomBytes } from 'node:crypto'

/** `client_ref` is limited to 40 characters by Messages v0.1 (Messages v1 allows 100). */
const MAX_ID_LENGTH = 40

/** A new random id of 72 bits, such as `alert-Zk3v9…`: an alert's own is in a dozen places of Redis. */
export function newId(kind: string): string {
  return `${kind}-${randomBytes(9).toString('base64url')}`
}

/**
 * The same parts always make the same id, so an effect that is tried again is recognised. Safe as a BullMQ job id
 * (no colon, not all digits) and as a Vonage `client_ref` (at most 40 characters).
 */
export function derivedId(kind: string, ...parts: (string | number)[]): string {
  const readable = [kind, ...parts].join('-')
  if (readable.length <= MAX_ID_LENGTH && /^[\w.-]+$/.test(readable)) return readable
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
  return `${kind}-${digest}`.slice(0, MAX_ID_LENGTH)
}
