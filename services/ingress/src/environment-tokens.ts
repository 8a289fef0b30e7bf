import { createHash } from 'node:crypto'

import { z } from 'zod'

/** What a token is called: it is part of the token, of addresses and of the audit trail. */
export const tokenName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,39}$/, 'must be lower-case letters, digits, dots and hyphens, at most 40')

const MIN_LENGTH = 16
const MIN_DIFFERENT = 8
export const WEAK_TOKEN = `each needs at least ${MIN_LENGTH} characters, ${MIN_DIFFERENT} of them different: openssl rand -base64 24`

export function isStrong(token: string): boolean {
  return token.length >= MIN_LENGTH && new Set(token).size >= MIN_DIFFERENT
}

export interface EnvironmentToken {
  name: string
  /** SHA-256 of what is good as it. */
  hashes: Buffer[]
}

/**
 * The tokens of `API_TOKENS`, each of which may do everything. `name:token` gives one a name; that as a whole is good too,
 * because a token of an older installation may have a colon.
 */
export function readEnvironmentTokens(tokens: readonly string[]): EnvironmentToken[] {
  return tokens.map((text) => {
    const [, name, token] = /^([^:]+):(.+)$/.exec(text) ?? []
    if (name === undefined || token === undefined || !tokenName.safeParse(name).success || !isStrong(token)) {
      return { name: `API_TOKENS ${hashOf(text).toString('hex').slice(0, 6)}`, hashes: [hashOf(text)] }
    }
    return { name, hashes: [hashOf(text), hashOf(token)] }
  })
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
