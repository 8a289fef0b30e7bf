import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'

import type { ServiceName } from '@switchboard/contracts'
import {
  checkOwner,
  ConfigError,
  connectOnce,
  ForeignDataError,
  loadConfig,
  readRedisFacts,
  redisEnvironment,
  splitIds,
} from '@switchboard/runtime'
import type { EnvironmentSchema } from '@switchboard/runtime'
import { z } from 'zod'

import { applicationId } from './data-folder.ts'
import { findMisspelt } from './misspelt.ts'
import { OLDEST_REDIS } from './redis.ts'
import { knownVariables, serviceSchemas } from './service-schemas.ts'
import { choosePorts, stackEnvironment } from './stack-environment.ts'
import type { Environment } from './stack-environment.ts'

/** People shall know within five seconds. */
const REDIS_LIMIT_MS = 4_000

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

/** What is wrong with the part of an environment that a schema reads. */
export function problemsIn(schema: EnvironmentSchema<unknown>, env: Environment): string[] {
  try {
    loadConfig(schema, env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** Only of a Redis that was given to us: our own does not run yet. */
async function findRedisProblems({ env, dataFolder }: Start): Promise<string[]> {
  if (!env['REDIS_URL'] && !env['REDIS_URL_FILE']) return []
  const schema = z.object(redisEnvironment)
  if (problemsIn(schema, env).length > 0) return []
  const config = loadConfig(schema, env)
  const address = `REDIS_URL: the Redis at ${new URL(config.REDIS_URL).host}`
  try {
    await using redis = await connectOnce(config, REDIS_LIMIT_MS)
    await checkOwner(redis, splitIds(applicationId(env, dataFolder)))
    const { version, policy } = await readRedisFacts(redis)
    return [
      ...(Number.parseInt(version, 10) < OLDEST_REDIS
        ? [`${address} is version ${version}, and ${OLDEST_REDIS} or newer is needed. Update it, or use another.`]
        : []),
      ...(policy !== '' && policy !== 'noeviction'
        ? [`${address} has maxmemory-policy ${policy}: it may throw messages away. Set noeviction.`]
        : []),
    ]
  } catch (error) {
    if (error instanceof ForeignDataError) return [`${address}: ${error.message}`]
    const reason = error instanceof Error ? error.message : String(error)
    return [
      `${address} cannot be used: ${reason}. Start it, correct REDIS_URL, or unset it: then npm start runs one of its own.`,
    ]
  }
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
