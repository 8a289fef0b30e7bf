import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Our own secrets, made up on the first start: the path of each one's file, by its variable. */
export function ensureSecrets(folder: string) {
  return {
    API_TOKENS: ensureSecret(folder, 'api-tokens', 24),
    SESSION_SECRET: ensureSecret(folder, 'session-secret', 32),
    ECHO_TOKEN_SECRET: ensureSecret(folder, 'echo-token-secret', 32),
    CONSOLE_PASSWORD: ensureSecret(folder, 'console-password', 9),
  }
}

export type SecretFiles = ReturnType<typeof ensureSecrets>

/** The path of a secret that is made up when there is none. */
export function ensureSecret(folder: string, file: string, bytes: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, file)
  if (!existsSync(path)) writeWhole(path, `${randomBytes(bytes).toString('base64url')}\n`)
  return path
}

/** All of it or nothing: a full disk would leave an empty file behind, and the next start would read it. */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const draft = `${path}.draft`
  try {
    writeFileSync(draft, text, { mode })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

export function readSecret(path: string): string {
  return readFileSync(path, 'utf8').trim()
}
