import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

import { readRunning } from '../running.ts'
import { readSecret } from '../secrets.ts'

export interface Environment {
  /** What the person has set, in the shell or in .env. */
  given: Readonly<Record<string, string | undefined>>
  /** What the services have that npm start runs here, if it does. */
  running: Readonly<Record<string, string | undefined>> | undefined
  dataFolder: string
}

/** Reads .env too: what the shell says wins. */
export function readEnvironment(root: string): Environment {
  const file = resolve(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  const dataFolder = resolve(root, process.env['SWITCHBOARD_DATA'] || '.data')
  return { given: process.env, running: readRunning(dataFolder), dataFolder }
}

export function readUrl({ given, running }: Environment): string {
  const port = Number(given['INGRESS_PORT']) || running?.['INGRESS_PORT'] || 9_000
  return given['SWITCHBOARD_URL'] || `http://127.0.0.1:${port}`
}

/** The first of API_TOKENS; empty when there is none. */
export function readToken({ given, dataFolder }: Environment): string {
  const path = given['API_TOKENS_FILE'] || resolve(dataFolder, 'secrets/api-tokens')
  const tokens = given['API_TOKENS'] || (existsSync(path) ? readSecret(path) : '')
  return tokens.split(',')[0]?.trim() ?? ''
}
