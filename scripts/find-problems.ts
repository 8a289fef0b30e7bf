import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'

import type { ServiceName } from '@switchboard/contracts'
import { ConfigError } from '@switchboard/runtime'

import { findMisspelt } from './misspelt.ts'
import { problemsIn } from './problems-in.ts'
import { knownVariables, serviceSchemas } from './service-schemas.ts'
import { choosePorts, stackEnvironment } from './stack-environment.ts'
import type { Environment } from './stack-environment.ts'

export interface Start {
  env: Environment
  root: string
  dataFolder: string
  /** Whether this service will run. */
  runs: (service: ServiceName) => boolean
}

/** Everything that would keep a start from succeeding, found before anything is started or written. */
export async function findProblems(start: Start): Promise<string[]> {
  const redis = findRedisProblems(start)
  const ports = await problemsOf(() => choosePorts(start.env, start.runs))
  return [
    ...new Set([...misspeltIn(resolve(start.root, '.env')), ...ports, ...settingsProblems(start), ...(await redis)]),
  ]
}

function misspeltIn(file: string): string[] {
  return existsSync(file) ? findMisspelt(Object.keys(parseEnv(readFileSync(file, 'utf8'))), knownVariables) : []
}

/** What is made at the first start, in the data folder, counts as given. */
const madeLater = 'stands for a secret of ours, or for a PRIVATE KEY'

function settingsProblems({ env, root, dataFolder, runs }: Start): string[] {
  const secrets = {
    API_TOKENS: dataFolder,
    SESSION_SECRET: dataFolder,
    ECHO_TOKEN_SECRET: dataFolder,
    CONSOLE_PASSWORD: dataFolder,
  }
  const ports = { ingress: 0, echo: 0, console: 0, simulator: 0 }
  const redisUrl = env['REDIS_URL'] || (env['REDIS_URL_FILE'] ? '' : 'redis://127.0.0.1')
  const shared = stackEnvironment(env, { root, dataFolder, redisUrl, ports, secrets })
  const made = Object.entries(shared)
    .filter(([name, value]) => name.endsWith('_FILE') && value?.startsWith(dataFolder))
    .map(([name]) => [name.slice(0, -'_FILE'.length), madeLater] as const)
  const settings = { ...shared, ...Object.fromEntries(made.filter(([name]) => !shared[name])) }
  return Object.entries(serviceSchemas).flatMap(([service, schema]) =>
    isService(service) && runs(service) ? problemsIn(schema, settings) : [],
  )
}

/** Only of a Redis that was given to us: our own does not run yet, and nothing of what it takes to ask is loaded. */
async function findRedisProblems({ env, dataFolder }: Start): Promise<string[]> {
  if (!env['REDIS_URL'] && !env['REDIS_URL_FILE']) return []
  const { examineGivenRedis } = await import('./given-redis.ts')
  return examineGivenRedis(env, dataFolder)
}

async function problemsOf(check: () => Promise<unknown>): Promise<string[]> {
  try {
    await check()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

function isService(name: string): name is ServiceName {
  return name in serviceSchemas
}
