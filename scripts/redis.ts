import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { basename, delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { ProcessEndedError, startNodeProcess, startProcess, untilReady } from './managed-process.ts'
import type { ManagedProcess } from './managed-process.ts'
import { findFreePort } from './ports.ts'
import { writeWhole } from './secrets.ts'

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
  /** Ends the start half-way. */
  signal?: AbortSignal | undefined
}

/** `redis-server` or `valkey-server` from PATH. */
export function findRedisServer(path = process.env['PATH'] ?? ''): string | undefined {
  const candidates = ['redis-server', 'valkey-server'].flatMap((name) =>
    path.split(delimiter).map((folder) => join(folder, name)),
  )
  return candidates.find(isExecutable)
}

/**
 * REDIS_URL if set, else a private server that keeps its data in the folder, else one in memory written in JavaScript.
 * Throws when it cannot be used, saying why and what to do.
 */
export async function openRedisFor(
  env: NodeJS.ProcessEnv,
  folder: string,
  signal?: AbortSignal,
): Promise<RunningRedis> {
  const given = env['REDIS_URL'] || (env['REDIS_URL_FILE'] && readFileSync(env['REDIS_URL_FILE'], 'utf8').trim())
  if (given) {
    const description = `yours, at ${new URL(given).host}`
    return { url: given, description, isInMemory: false, async [Symbol.asyncDispose]() {} }
  }
  const binary = findRedisServer(env['PATH'])
  if (!binary) return startJsRedis(signal)
  requireVersion(binary)
  await stopLeftOver(folder)
  return startRedisServer({ binary, folder, signal })
}

/** A private Redis with the settings that docker-compose.yml gives its own, and a password of its own. */
export async function startRedisServer(options: RedisServerOptions): Promise<RunningRedis> {
  const { binary, folder, onLine, signal } = options
  const port = options.port ?? (await findFreePort())
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const password = keepPassword(join(folder, 'redis.conf'))
  const args = ['./redis.conf', ...serverArguments(port)]
  const started = startProcess({ name: 'redis', command: binary, args, env: {}, cwd: folder, onLine })
  await untilAnswering(started, { port, password }, signal).catch((error: unknown) => {
    if (!(error instanceof ProcessEndedError)) throw error
    throw new RedisStartError(binary, folder, error)
  })
  const description = `private ${basename(binary)} on port ${port}, data in ${folder}`
  return { ...running(started, port, password), description, isInMemory: false }
}

/** In memory and slow: for trying out on a machine that has no Redis. */
export async function startJsRedis(signal?: AbortSignal): Promise<RunningRedis> {
  const port = await findFreePort()
  const password = newPassword()
  const launcher = fileURLToPath(new URL('js-redis.ts', import.meta.url))
  const env = { ...process.env, JS_REDIS_PASSWORD: password }
  const started = startNodeProcess({ name: 'redis', args: [launcher, String(port)], env })
  await untilAnswering(started, { port, password }, signal)
  const description = `js-redis-server on port ${port}: in memory and slow, for trying out only`
  return { ...running(started, port, password), description, isInMemory: true }
}

/** Says what Redis itself said when it would not start, and what helps. */
class RedisStartError extends Error {
  override name = 'RedisStartError'

  constructor(binary: string, folder: string, { end }: ProcessEndedError) {
    const said = end.lastLines.filter((line) => / # |\*\*\*|FATAL|[Ee]rror|Can't/.test(line)).slice(-5)
    const lines = said.length > 0 ? said : end.lastLines.slice(-5)
    super(
      [
        `The private Redis (${binary}) does not start: ${end.reason}. It said:`,
        ...lines.map((line) => `  ${line}`),
        whatHelps(lines.join('\n'), folder),
      ].join('\n'),
    )
  }
}

function whatHelps(said: string, folder: string): string {
  if (/no space left/i.test(said)) return `The disk is full: make room for ${folder}, then start again.`
  if (/permission denied|read-only file system/i.test(said)) return `Make ${folder} a folder that you may write to.`
  if (/address already in use/i.test(said)) return 'Somebody took its port at that moment: start again.'
  if (/append only file|AOF|manifest/i.test(said)) {
    const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest')
    return `Its data is damaged. Repair it with: redis-check-aof --fix ${manifest}\nOr begin anew: move ${folder} away.`
  }
  return 'Mend that, or set REDIS_URL to a Redis that runs.'
}

/** The oldest version that has the commands we use. */
export const OLDEST_REDIS = 7

/** Older ones lack commands that we use; and they must not touch the data of a newer one. */
function requireVersion(binary: string): void {
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 5_000 })
  const version = /v=([\d.]+)/.exec(stdout ?? '')?.[1]
  if (version === undefined || Number.parseInt(version, 10) >= OLDEST_REDIS) return
  throw new Error(
    `${binary} is version ${version}, and Switchboard needs Redis ${OLDEST_REDIS} or newer.\n` +
      'Update it, set REDIS_URL to a newer one, or take it off your PATH: then a Redis in memory is used, to try things out.',
  )
}

/** In a file and not an argument, which every user of this machine could read. */
function keepPassword(file: string): string {
  const kept = existsSync(file) ? /^requirepass (\w+)$/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined
  const password = kept ?? newPassword()
  if (kept === undefined) writeWhole(file, `requirepass ${password}\n`)
  return password
}

function newPassword(): string {
  return randomBytes(24).toString('hex')
}

interface Login {
  port: number
  password: string
}

/** Stops it when that fails. */
async function untilAnswering(started: ManagedProcess, login: Login, signal?: AbortSignal): Promise<void> {
  try {
    await untilReady(started, () => ping(login), signal)
  } catch (error) {
    await started.stop(START_STOP_LIMIT_MS)
    throw error
  }
}

/** While it loads its data it may not listen to a signal. */
const START_STOP_LIMIT_MS = 3_000

function running(started: ManagedProcess, port: number, password: string) {
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
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
function ping({ port, password }: Login): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    let said = ''
    const answer = (problem: string | undefined) => {
      socket.destroy()
      resolve(problem)
    }
    socket.setTimeout(1_000, () => answer('no answer to PING'))
    socket.once('error', (error) => answer(error.message))
    socket.once('close', () => answer('closed the connection'))
    socket.on('data', (data) => {
      said += data.toString()
      const [login, pong] = said.split('\r\n')
      if (pong) answer(login === '+OK' && pong === '+PONG' ? undefined : said.trim())
    })
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
