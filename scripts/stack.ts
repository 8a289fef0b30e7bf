import { join, resolve } from 'node:path'

import { builtFile } from '@switchboard/bundle'
import type { ServiceName } from '@switchboard/contracts'

import { findUnready } from './find-unready.ts'
import { startNodeProcess, untilReady } from './managed-process.ts'
import type { ManagedProcess, ProcessEnd } from './managed-process.ts'
import { findFreePorts, isListening } from './ports.ts'
import { ensureSecrets } from './secrets.ts'
import { ensureSimulatorCredentials } from './simulator-credentials.ts'
import {
  choosePorts,
  hostVariables,
  reachable,
  serviceEnvironment,
  stackEnvironment,
  wantsSimulator,
} from './stack-environment.ts'
import type { Environment } from './stack-environment.ts'

/** Started all at once: none needs another one to be there. Stopped row by row: first nothing new comes in. */
const stopOrder: readonly ServiceName[][] = [
  ['ingress', 'echo', 'console'],
  ['outbound', 'subscriptions', 'feeds', 'failover', 'notifications', 'inbound-router'],
  ['simulator'],
]

/** Most of them wait most of the time. V8's usual 16 MB for young objects would be filled before it is looked at. */
const nodeFlags = ['--max-semi-space-size=4']

/** While it starts a service has nothing to finish. */
const STARTING_STOP_LIMIT_MS = 5_000

const root = resolve(import.meta.dirname, '..')

export interface StackOptions {
  /** What the person has set. */
  env: Environment
  /** Where secrets and the simulator's credentials stay. */
  dataFolder: string
  redisUrl: string
  onLine?: (service: ServiceName, line: string) => void
  /** Ends the start half-way; what runs by then is stopped. */
  signal?: AbortSignal
}

export interface Stack extends AsyncDisposable {
  /** Where the public services listen; only those that run. */
  readonly urls: StackUrls
  readonly environment: Environment
  readonly processes: ReadonlyMap<ServiceName, ManagedProcess>
  readonly healthPorts: ReadonlyMap<ServiceName, number>
  /** Resolves when a process ends that nobody has stopped. */
  readonly broken: Promise<ProcessEnd>
  /** At most so long for each row of services; 28 s when nothing is said. Disposing does the same. */
  stop(limitMs?: number): Promise<void>
}

export interface StackUrls {
  ingress?: string
  echo?: string
  console?: string
  simulator?: string
}

/** Starts every service as its own process and waits until all are ready; when one fails, the others are stopped. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const runs = runsWith(options.env)
  const rows = stopOrder.map((row) => row.filter(runs))
  const ports = await choosePorts(options.env, runs)
  const environment = stackEnvironment(options.env, {
    root,
    dataFolder: options.dataFolder,
    redisUrl: options.redisUrl,
    ports,
    secrets: ensureSecrets(join(options.dataFolder, 'secrets')),
  })
  if (runs('simulator')) ensureSimulatorCredentials(environment)
  const running = await startServices(rows, environment, ports, options)
  const address = (service: keyof typeof ports, scheme: string) =>
    runs(service) ? { [service]: `${scheme}://localhost:${ports[service]}` } : {}
  return {
    urls: {
      ...address('simulator', 'http'),
      ...address('ingress', 'http'),
      ...address('echo', 'ws'),
      ...address('console', 'http'),
    },
    environment,
    processes: running.processes,
    healthPorts: running.healthPorts,
    broken: running.broken,
    stop: running.stop,
    [Symbol.asyncDispose]: () => running.stop(),
  }
}

/** The simulator runs only in place of an account. */
export function runsWith(env: Environment): (service: ServiceName) => boolean {
  return (service) => service !== 'simulator' || wantsSimulator(env)
}

async function startServices(
  rows: ServiceName[][],
  environment: Environment,
  publicPorts: Partial<Record<ServiceName, number>>,
  { onLine, signal }: StackOptions,
) {
  const processes = new Map<ServiceName, ManagedProcess>()
  const freePorts = await findFreePorts(rows.flat().length, Object.values(publicPorts))
  const healthPorts = new Map(rows.flat().map((service, index) => [service, freePorts[index] ?? 0]))
  const stop = async (limitMs?: number) => {
    for (const row of rows) {
      await Promise.all(row.map(async (service) => processes.get(service)?.stop(limitMs)))
    }
  }
  try {
    const probes = rows.flat().map((service) => {
      const env = serviceEnvironment(service, environment, healthPorts.get(service) ?? 0)
      processes.set(service, startService(service, env, onLine))
      return { name: service, probe: () => findProblem(service, env, publicPorts[service]) }
    })
    const broken = Promise.race([...processes.values()].map(({ ended }) => ended))
    // One is asked after the other: all of them, twenty times a second, would take what they need themselves.
    for (const { name, probe } of probes) await untilReady({ name, ended: broken }, probe, signal)
    return { processes, healthPorts, broken, stop }
  } catch (error) {
    await Promise.all([...processes.values()].map((one) => one.stop(STARTING_STOP_LIMIT_MS)))
    throw error
  }
}

function startService(service: ServiceName, env: Environment, onLine: StackOptions['onLine']): ManagedProcess {
  return startNodeProcess({
    name: service,
    args: [...nodeFlags, builtFile(service)],
    cwd: root,
    env,
    onLine: onLine && ((line) => onLine(service, line)),
  })
}

async function findProblem(service: ServiceName, env: Environment, publicPort: number | undefined) {
  const unready = await findUnready(Number(env['HEALTH_PORT']), reachable(env['HEALTH_HOST']))
  if (unready !== undefined) return unready
  // The health port opens first, and is ready as soon as Redis is.
  if (publicPort === undefined || (await isListening(publicPort, reachable(env[hostVariables[service] ?? '']))))
    return undefined
  return `nobody listens on its port ${publicPort}`
}
