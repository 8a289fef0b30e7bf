import { hash, timingSafeEqual } from 'node:crypto'

/** Lower-case hex SHA-256, as in `payload_hash`. */
export function sha256Hex(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/** Compares without telling by its duration where the difference is. */
export function isSameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
