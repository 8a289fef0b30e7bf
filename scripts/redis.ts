import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { startNodeProcess, startProcess, untilReady } from './managed-process.ts'
import type { ManagedProcess } from './managed-process.ts'
import { findFreePort } from './ports.ts'

export interface RunningRedis extends AsyncDisposable {
  url: string
  /** What it is, for people. */
  description: string
  /** Without an append-only file: a restart loses everything. */
  isInMemory: boolean
  /** Absent when somebody else runs it. */
  process?: ManagedProcess
}

export interface RedisServerOptions {
  binary: string
  /** Its data stays here. */
  folder: string
  port?: number
  onLine?: (line: string) => void
}

/** `redis-server` or `valkey-server` from PATH. */
export function findRedisServer(path = process.env['PATH'] ?? ''): string | undefined {
  const candidates = ['redis-server', 'valkey-server'].flatMap((name) =>
    path.split(delimiter).map((folder) => join(folder, name)),
  )
  return candidates.find(isExecutable)
}

/** REDIS_URL if set, else a private server that keeps its data in the folder, else one in memory written in JavaScript. */
export async function openRedisFor(env: NodeJS.ProcessEnv, folder: string): Promise<RunningRedis> {
  const given = env['REDIS_URL'] || (env['REDIS_URL_FILE'] && readFileSync(env['REDIS_URL_FILE'], 'utf8').trim())
  if (given) {
    const description = `yours, at ${new URL(given).host}`
    return { url: given, description, isInMemory: false, async [Symbol.asyncDispose]() {} }
  }
  const binary = findRedisServer(env['PATH'])
  if (!binary) return startJsRedis()
  await stopLeftOver(folder)
  return startRedisServer({ binary, folder })
}

/** A private Redis with the settings that docker-compose.yml gives its own. */
export async function startRedisServer(options: RedisServerOptions): Promise<RunningRedis> {
  const { binary, folder, onLine } = options
  const port = options.port ?? (await findFreePort())
  mkdirSync(folder, { recursive: true })
  const args = serverArguments(port)
  const started = startProcess({ name: 'redis', command: binary, args, env: {}, cwd: folder, onLine })
  await untilReady(started, () => ping(port))
  const description = `private ${binary.split(/[/\\]/).at(-1)} on port ${port}, data in ${folder}`
  return { ...running(started, port), description, isInMemory: false }
}

/** In memory and slow: for trying out on a machine that has no Redis. */
export async function startJsRedis(): Promise<RunningRedis> {
  const port = await findFreePort()
  const cli = join(dirname(createRequire(import.meta.url).resolve('js-redis-server')), 'cli.js')
  const started = startNodeProcess({ name: 'redis', args: [cli, '--port', String(port)], env: process.env })
  await untilReady(started, () => ping(port))
  const description = `js-redis-server on port ${port}: in memory and slow, for trying out only`
  return { ...running(started, port), description, isInMemory: true }
}

function running(started: ManagedProcess, port: number) {
  return {
    url: `redis://127.0.0.1:${port}`,
    process: started,
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  }
}

function serverArguments(port: number): string[] {
  const settings = {
    port,
    bind: '127.0.0.1',
    // Relative to the folder it is started in: Redis would split a path at its blanks.
    dir: '.',
    pidfile: 'redis.pid',
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    // BullMQ's delayed jobs are up to 100 ms late at the default of 10.
    hz: 100,
    // Delayed jobs take 39 % less memory. The name of Redis 6, which newer ones understand as hash-max-listpack-value.
    'hash-max-ziplist-value': 1024,
  }
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
}

/** Undefined when Redis answers; also while it loads its data there is a problem. */
function ping(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const answer = (problem: string | undefined) => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(1_000, () => answer('no answer to PING'))
    socket.once('error', (error) => answer(error.message))
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG') ? undefined : data.toString()))
  })
}

/** Two servers on one folder would destroy each other's data: end the one that a killed start has left behind. */
async function stopLeftOver(folder: string): Promise<void> {
  const pid = leftOverPid(join(folder, 'redis.pid'))
  if (pid === undefined) return
  process.kill(pid, 'SIGTERM')
  while (isRunning(pid, /redis|valkey/)) await delay(50)
}

function leftOverPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'))
    return isRunning(pid, /redis|valkey/) ? pid : undefined
  } catch {
    return undefined
  }
}

/** Whether the process runs and its command line fits: a number may have been given to another process since. */
export function isRunning(pid: number, commandLine: RegExp): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  return commandLine.test(stdout ?? '')
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
