import { createHash, randomBytes } from 'node:crypto'

import { z } from 'zod'

/** What a token of the API is called: it is part of the token, of addresses and of the audit trail. */
export const apiTokenName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,39}$/, 'must be lower-case letters, digits, dots and hyphens, at most 40')

const SECRET_BYTES = 32
const FORM = /^sbt_([a-z0-9][a-z0-9.-]{0,39})_[\w-]{43}$/

/** A new one, shown once: the name is there so that it can be looked up, and told from others where it is found. */
export function newApiToken(name: string): string {
  return `sbt_${name}_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** Undefined for what does not look like one of ours. */
export function nameInApiToken(token: string): string | undefined {
  return FORM.exec(token)?.[1]
}

/** SHA-256: what is kept of it. Enough for 256 random bits. */
export function hashApiToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
