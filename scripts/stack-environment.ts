import { join, resolve } from 'node:path'

import type { ServiceName } from '@switchboard/contracts'
import { ConfigError, isLoopbackHost } from '@switchboard/runtime'

import { findFreePorts, isFree } from './ports.ts'
import type { SecretFiles } from './secrets.ts'

export type Environment = Record<string, string | undefined>

/** The ports people and programs use, by service; `PORT=0` picks a free one. */
const publicPorts = {
  ingress: { variable: 'INGRESS_PORT', usually: 9_000 },
  echo: { variable: 'ECHO_PORT', usually: 3_000 },
  console: { variable: 'CONSOLE_PORT', usually: 9_100 },
  simulator: { variable: 'SIMULATOR_PORT', usually: 9_200 },
} as const satisfies Partial<Record<ServiceName, { variable: string; usually: number }>>

/** Which variable says where a service listens; 127.0.0.1 when it is not set. */
export const hostVariables: Partial<Record<ServiceName, string>> = {
  ingress: 'HOST',
  echo: 'HOST',
  console: 'CONSOLE_HOST',
  simulator: 'SIMULATOR_HOST',
}

/** How this machine reaches what listens there. */
export function reachable(host: string | undefined): string {
  return !host || host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

type PublicService = keyof typeof publicPorts
export type PublicPorts = Record<PublicService, number>

/** Throws ConfigError, naming every variable that is no port number and every port on which somebody already listens. */
export async function choosePorts(env: Environment, isUsed: (service: ServiceName) => boolean): Promise<PublicPorts> {
  const free = await findFreePorts(Object.keys(publicPorts).length)
  const problems: string[] = []
  const choose = async (service: PublicService) => {
    const { variable, usually } = publicPorts[service]
    const port = Number(env[variable] || usually)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push(`${variable}: must be a port number`)
    else if (port === 0) return free.pop() ?? 0
    else if (isUsed(service) && !(await isFree(port))) {
      problems.push(`${variable}: port ${port} is taken. Stop what uses it, or choose another with ${variable}=…`)
    }
    return port
  }
  const ports = {
    ingress: await choose('ingress'),
    echo: await choose('echo'),
    console: await choose('console'),
    simulator: await choose('simulator'),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return ports
}

/** Credentials of an own account mean that account; without them the simulator stands in for Vonage. */
export function wantsSimulator(env: Environment): boolean {
  return !env['VONAGE_API_URL'] && !env['VONAGE_APPLICATION_ID'] && !env['VONAGE_APPLICATION_ID_FILE']
}

export interface StackSettings {
  root: string
  dataFolder: string
  redisUrl: string
  ports: PublicPorts
  secrets: SecretFiles
}

/** What every process gets. Variables that the person has set win, except for those that name our own processes. */
export function stackEnvironment(env: Environment, settings: StackSettings): Environment {
  const { root, redisUrl, ports } = settings
  return {
    ...env,
    REDIS_URL: redisUrl,
    SWITCHBOARD_CONFIG: resolve(root, env['SWITCHBOARD_CONFIG'] || 'switchboard.config.json'),
    INGRESS_PORT: String(ports.ingress),
    ECHO_PORT: String(ports.echo),
    CONSOLE_PORT: String(ports.console),
    SIMULATOR_PORT: String(ports.simulator),
    INGRESS_URL: `http://${reachable(env['HOST'])}:${ports.ingress}`,
    PUBLIC_URL: env['PUBLIC_URL'] || `http://localhost:${ports.ingress}`,
    ECHO_URL: env['ECHO_URL'] || `ws://localhost:${ports.echo}/socket`,
    ...secretFiles(env, settings.secrets),
    ...(wantsSimulator(env) ? simulatorEnvironment(env, settings) : {}),
  }
}

/** The simulator makes the credentials itself: it must not be sent to read them. */
export function serviceEnvironment(service: ServiceName, shared: Environment, healthPort: number): Environment {
  const given = Object.entries(shared).filter(([name]) => service !== 'simulator' || !/^VONAGE_.*_FILE$/.test(name))
  return { ...Object.fromEntries(given), HEALTH_PORT: String(healthPort) }
}

function secretFiles(env: Environment, secrets: SecretFiles): Environment {
  return Object.fromEntries(
    Object.entries(secrets)
      .filter(([variable]) => !env[variable] && !env[`${variable}_FILE`])
      .map(([variable, path]) => [`${variable}_FILE`, path]),
  )
}

function simulatorEnvironment(env: Environment, { dataFolder, ports }: StackSettings): Environment {
  const folder = join(dataFolder, 'simulator')
  const url = `http://${reachable(env['SIMULATOR_HOST'])}:${ports.simulator}`
  return {
    SIMULATOR_DATA: folder,
    SIMULATOR_CALLBACK_URL: `http://${reachable(env['HOST'])}:${ports.ingress}`,
    VONAGE_API_URL: url,
    VONAGE_REST_URL: url,
    ...tryEnvironment(env, folder, ports),
    // The simulated account signs SMS API webhooks only when it is told to.
    VONAGE_SMS_UNSIGNED: 'true',
    VONAGE_APPLICATION_ID_FILE: join(folder, 'application-id'),
    VONAGE_PRIVATE_KEY_FILE: join(folder, 'private.key'),
    VONAGE_API_KEY_FILE: join(folder, 'api-key'),
    VONAGE_API_SECRET_FILE: join(folder, 'api-secret'),
    VONAGE_SIGNATURE_SECRET_FILE: join(folder, 'signature-secret'),
  }
}

/** The simulator's page may open the console without a password, unless other machines reach that page. */
function tryEnvironment(env: Environment, folder: string, ports: PublicPorts): Environment {
  const host = env['SIMULATOR_HOST'] || 'localhost'
  if (!isLoopbackHost(host)) return {}
  return {
    SIMULATOR_CONSOLE_URL: `http://localhost:${ports.console}`,
    CONSOLE_TICKET_SECRET_FILE: join(folder, 'console-ticket-secret'),
  }
}
