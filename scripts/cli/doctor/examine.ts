import {
  ConfigError,
  examineRedis,
  loadConfig,
  redisEnvironment,
  settingsFile,
  vonageEnvironment,
} from '@switchboard/runtime'
import type { EnvironmentSchema } from '@switchboard/runtime'
import { z } from 'zod'

import { configSchema as ingressSchema } from '../../../services/ingress/src/config.ts'
import { problemsIn } from '../../problems-in.ts'
import { serviceSchemas } from '../../service-schemas.ts'
import { wantsSimulator } from '../../stack-environment.ts'
import type { Cli } from '../cli.ts'
import { CommandError } from '../command-error.ts'
import type { Environment } from '../environment.ts'
import { judgeClock } from './clock.ts'
import { failure, ok, warning } from './finding.ts'
import type { Finding } from './finding.ts'
import { judgeRedis } from './redis.ts'
import { judgeSenders } from './senders.ts'
import { examineVonage } from './vonage.ts'
import { examineWebhooks } from './webhooks.ts'

type Variables = Record<string, string | undefined>

const webhookSchema = ingressSchema.pick({
  PUBLIC_URL: true,
  VONAGE_SIGNATURE_SECRET: true,
  VONAGE_APPLICATION_ID: true,
})
const vonageSchema = z.object(vonageEnvironment).pick({ VONAGE_API_URL: true, VONAGE_PRIVATE_KEY: true })

/** Looks at everything a Switchboard needs, changing nothing. Takes as long as the slowest answer. */
export async function examine(environment: Environment, api: Cli['api']): Promise<Finding[]> {
  const variables = variablesOf(environment)
  const isRealAccount = !wantsSimulator(environment.given)
  const senders = lookAt('Senders', z.object({ SWITCHBOARD_CONFIG: settingsFile }), variables, (config) =>
    judgeSenders(config.SWITCHBOARD_CONFIG),
  )
  const anywhere = [Promise.resolve(judgeConfiguration(variables)), senders, lookAtApi(api)]
  if (!isSomewhere(environment)) return [notHere, ...(await Promise.all(anywhere)).flat()]
  const found = await Promise.all([
    lookAt('Redis', z.object(redisEnvironment), variables, lookAtRedis),
    lookAt('Vonage', vonageSchema, variables, examineVonage),
    lookAt('Webhooks', webhookSchema, variables, (config) => examineWebhooks(config, isRealAccount)),
    ...anywhere,
  ])
  return found.flat()
}

/** What the services have; where none run here, stand-ins for what `npm start` would make. */
export function variablesOf({ given, running }: Environment): Variables {
  if (running) return { ...given, ...running }
  const own = { SESSION_SECRET: 'x'.repeat(32), CONSOLE_PASSWORD: 'x'.repeat(32) }
  const simulated = { VONAGE_APPLICATION_ID: 'simulated', VONAGE_SIGNATURE_SECRET: 'x'.repeat(32) }
  const standIns = wantsSimulator(given) ? { ...own, ...simulated, VONAGE_PRIVATE_KEY: 'PRIVATE KEY' } : own
  const missing = Object.entries(standIns).filter(([name]) => !given[name] && !given[`${name}_FILE`])
  return { ...given, ...Object.fromEntries(missing) }
}

/** Whether we know where the services have their Redis and their Vonage. */
function isSomewhere({ running, given }: Environment): boolean {
  return running !== undefined || Boolean(given['REDIS_URL'] || given['REDIS_URL_FILE'])
}

const notHere = failure(
  'Switchboard',
  'does not run in this folder, and REDIS_URL is not set: Redis, Vonage and webhooks are not looked at',
  'Start it: npm start. If the services run elsewhere, give the environment that they have.',
)

function judgeConfiguration(variables: Variables): Finding[] {
  const problems = new Set(Object.values(serviceSchemas).flatMap((schema) => problemsIn(schema, variables)))
  if (problems.size === 0) return [ok('Configuration', 'every service accepts it')]
  return [...problems].map((problem) => failure('Configuration', problem, 'No service starts with it: mend it.'))
}

async function lookAtRedis(config: Parameters<typeof examineRedis>[0]): Promise<Finding[]> {
  try {
    const examined = await examineRedis(config)
    return [...judgeRedis(examined), judgeClock('Redis', examined.offsetMs)]
  } catch (error) {
    const { host } = new URL(config.REDIS_URL)
    const reason = error instanceof Error ? error.message : String(error)
    return [failure('Redis', `${host} does not answer (${reason})`, 'Start it, or correct REDIS_URL.')]
  }
}

async function lookAtApi(api: Cli['api']): Promise<Finding[]> {
  try {
    const { open } = await api.list()
    return [ok('API', `answers and takes the token; ${open === 1 ? '1 alert is' : `${open} alerts are`} open`)]
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [failure('API', error.message, 'Start it, or say where it is with --url and --token.')]
  }
}

/** Runs one examination with the part of the configuration that it needs. */
async function lookAt<Config>(
  about: string,
  schema: EnvironmentSchema<Config>,
  variables: Variables,
  look: (config: Config) => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await look(loadConfig(schema, variables))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [warning(about, 'not looked at', 'Mend the configuration first.')]
  }
}
