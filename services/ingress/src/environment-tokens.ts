import { apiTokenName, hashApiToken } from '@switchboard/tokens'

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
    if (name === undefined || token === undefined || !apiTokenName.safeParse(name).success || !isStrong(token)) {
      return { name: `API_TOKENS ${hashApiToken(text).toString('hex').slice(0, 6)}`, hashes: [hashApiToken(text)] }
    }
    return { name, hashes: [hashApiToken(text), hashApiToken(token)] }
  })
}
