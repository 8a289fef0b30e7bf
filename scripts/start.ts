import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'

import { ConfigError } from '@switchboard/runtime'

import { describeWriteFailure, lockDataFolder, redisFolder } from './data-folder.ts'
import { findProblems } from './find-problems.ts'
import { ProcessEndedError } from './managed-process.ts'
import type { ProcessEnd } from './managed-process.ts'
import { toReadableLine } from './readable-log.ts'
import { openRedisFor } from './redis.ts'
import type { RunningRedis } from './redis.ts'
import { recordRunning } from './running.ts'
import { runsWith, startStack } from './stack.ts'
import { whereToLook } from './where-to-look.ts'

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
  let isStarting = false
  try {
    running.use(lockDataFolder(dataFolder))
    const problems = await findProblems({ env: process.env, root, dataFolder, runs: runsWith(process.env) })
    if (problems.length > 0) throw new ConfigError(problems)
    const redis = running.use(await openRedisFor(process.env, redisFolder(dataFolder, process.env), interrupted))
    log.isOn(redis)
    console.log('Starting …')
    isStarting = true
    // Whatever waits for Redis to come back while it starts would wait for ever.
    const signal = AbortSignal.any([interrupted, abortedWith(redis.process?.ended)])
    const stack = await startStack({ env: process.env, dataFolder, redisUrl: redis.url, onLine: log.show, signal })
    running.use(stack)
    running.use(recordRunning(dataFolder, stack.environment))
    console.log(whereToLook(stack, redis, dataFolder, isVerbose))
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
    if (isStarting) console.log('Stopping …')
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

function printFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  console.error(styleText('red', describeWriteFailure(dataFolder, error) ?? message))
}
