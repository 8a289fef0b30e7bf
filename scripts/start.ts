import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'

import { ProcessEndedError } from './managed-process.ts'
import type { ProcessEnd } from './managed-process.ts'
import { toReadableLine } from './readable-log.ts'
import { isRunning, openRedisFor } from './redis.ts'
import type { RunningRedis } from './redis.ts'
import { recordRunning } from './running.ts'
import { readSecret } from './secrets.ts'
import { startStack } from './stack.ts'
import type { Stack } from './stack.ts'

const help = `Starts Switchboard on this machine: Redis, every service, and a simulated Vonage.

  npm start                     with what you set in .env, see .env.example
  npm start -- --verbose        shows the log as the services write it, JSON and start-up included

With VONAGE_API_URL or VONAGE_APPLICATION_ID set, your account at Vonage is used and no simulator starts.
Redis is REDIS_URL if set, else a private redis-server or valkey-server from PATH, else one in memory.
Data, keys and passwords stay in .data (SWITCHBOARD_DATA); delete that folder to begin anew.`

const root = resolve(import.meta.dirname, '..')
if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'))
const dataFolder = resolve(root, process.env['SWITCHBOARD_DATA'] || '.data')
/** What js-redis-server makes every service say; the summary says it once. */
const inMemoryWarnings = /"msg":"redis\.(unknown-eviction-policy|no-append-only-file)/

/** What is under way cannot be finished without Redis. */
const WITHOUT_REDIS_STOP_LIMIT_MS = 5_000

const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, verbose: { type: 'boolean', short: 'v' } },
})
if (values.help) console.log(help)
else process.exitCode = await start(values.verbose ?? false)

async function start(isVerbose: boolean): Promise<number> {
  const interrupted = untilInterrupted()
  const log = createLog(isVerbose)
  await using running = new AsyncDisposableStack()
  try {
    running.use(lockDataFolder())
    const redis = running.use(await openRedisFor(process.env, join(dataFolder, 'redis'), interrupted))
    log.isOn(redis)
    console.log('Starting …')
    // Whatever waits for Redis to come back while it starts would wait for ever.
    const signal = AbortSignal.any([interrupted, abortedWith(redis.process?.ended)])
    const stack = await startStack({ env: process.env, dataFolder, redisUrl: redis.url, onLine: log.show, signal })
    running.use(stack)
    running.use(recordRunning(dataFolder, stack.environment))
    printWhereToLook(stack, redis)
    log.begin()
    const end = await Promise.race([stack.broken, redis.process?.ended, untilAborted(interrupted)].filter(isPresent))
    if (!end) return 0
    if (end.name === 'redis') await stack.stop(WITHOUT_REDIS_STOP_LIMIT_MS)
    throw new ProcessEndedError(end)
  } catch (error) {
    if (interrupted.aborted) return 0
    printFailure(error)
    return 1
  } finally {
    log.end()
    console.log('Stopping …')
  }
}

/** Aborted by the first signal. One that comes more than a second later ends everything at once. */
function untilInterrupted(): AbortSignal {
  const abort = new AbortController()
  let firstAt: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // npm passes on a Ctrl-C that the terminal has already delivered.
      if (firstAt !== undefined && Date.now() - firstAt > 1_000) process.exit(1)
      firstAt ??= Date.now()
      abort.abort()
    })
  }
  return abort.signal
}

/** Aborted, with an error that tells the end, when the process ends. */
function abortedWith(ended: Promise<ProcessEnd> | undefined): AbortSignal {
  const abort = new AbortController()
  void ended?.then((end) => abort.abort(new ProcessEndedError(end)))
  return abort.signal
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function isPresent<Value>(value: Value | undefined): value is Value {
  return value !== undefined
}

/** Two of us in one folder would share one Redis data folder. */
function lockDataFolder(): Disposable {
  const path = join(dataFolder, 'start.pid')
  mkdirSync(dataFolder, { recursive: true })
  const other = existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined
  if (other !== undefined && isRunning(other, /start\.ts/)) {
    throw new Error(`Switchboard already runs from this folder, as process ${other}`)
  }
  writeFileSync(path, String(process.pid))
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) }
}

/** While starting and stopping, only warnings are shown. */
function createLog(isVerbose: boolean) {
  let isUp = false
  let isInMemory = false
  return {
    isOn: (redis: RunningRedis) => void (isInMemory = redis.isInMemory),
    begin: () => void (isUp = true),
    end: () => void (isUp = false),
    show: (service: string, line: string) => {
      if (isVerbose) return console.log(`${service.padEnd(14)} ${line}`)
      const { text, isWarning } = toReadableLine(service, line)
      if (isUp || (isWarning && !(isInMemory && inMemoryWarnings.test(line)))) console.log(text)
    },
  }
}

function printWhereToLook({ urls, environment }: Stack, redis: RunningRedis): void {
  const lines = [
    '',
    ...row('Simulator', urls.simulator, 'phones in your browser: text MSFT from one'),
    ...row('Ingress', urls.ingress, secretNote('API token', environment, 'API_TOKENS')),
    ...row('Echo', urls.echo && `${urls.echo}/socket`),
    ...row('Console', urls.console, secretNote('password', environment, 'CONSOLE_PASSWORD')),
    ...row('Redis', redis.description.replace(dataFolder, relative(root, dataFolder))),
    ...row('Vonage', urls.simulator ? undefined : environment['VONAGE_API_URL'] || 'your account'),
    '',
    'Ctrl-C stops everything.',
    '',
  ]
  console.log(lines.join('\n'))
}

function row(name: string, url: string | undefined, note = ''): string[] {
  return url ? [`  ${styleText('bold', name.padEnd(10))} ${url}${note && styleText('gray', `   ${note}`)}`] : []
}

/** Only what we have made up ourselves: who sets a secret knows it. */
function secretNote(name: string, environment: Stack['environment'], variable: string): string {
  const path = environment[`${variable}_FILE`]
  return path?.startsWith(dataFolder) ? `${name} ${readSecret(path)}` : ''
}

function printFailure(error: unknown): void {
  console.error(styleText('red', error instanceof Error ? error.message : String(error)))
}
