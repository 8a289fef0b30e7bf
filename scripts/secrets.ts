import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Our own secrets, made up on the first start: the path of each one's file, by its variable. */
export function ensureSecrets(folder: string) {
  return {
    API_TOKENS: ensureSecret(folder, 'api-tokens', 24),
    SESSION_SECRET: ensureSecret(folder, 'session-secret', 32),
    CONSOLE_PASSWORD: ensureSecret(folder, 'console-password', 9),
  }
}

export type SecretFiles = ReturnType<typeof ensureSecrets>

function ensureSecret(folder: string, file: string, bytes: number): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, file)
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(bytes).toString('base64url')}\n`, { mode: 0o600 })
  return path
}

export function readSecret(path: string): string {
  return readFileSync(path, 'utf8').trim()
}
