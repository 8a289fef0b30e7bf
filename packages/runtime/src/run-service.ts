import { createClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { startHealth } from './health.ts'
import type { Health } from './health.ts'
import { ConfigError, loadConfig } from './load-config.ts'
import type { Environment, EnvironmentSchema } from './load-config.ts'
import { createLogger } from './logger.ts'
import type { Logger } from './logger.ts'
import { createStopping } from './stopping.ts'
import type { Stopping } from './stopping.ts'
import { startTracing } from './tracing.ts'

export interface ServiceContext<Config> {
  config: Config
  log: Logger
  health: Health
  /** Disposed in reverse order at shutdown. */
  stack: AsyncDisposableStack
  stopping: Stopping
  /** `Date.now` is this one's. */
  clock: Clock
}

interface CommonConfig {
  LOG_LEVEL: string
  HEALTH_PORT: number
  HEALTH_HOST: string
}

/**
 * The life of a process: configuration (all problems printed, exit 1), logger, health port, set-up, then until SIGTERM
 * or SIGINT; at the end everything is disposed in reverse order. A set-up that is asked to stop is left where it is.
 */
export async function runService<Config extends CommonConfig>(
  service: string,
  schema: EnvironmentSchema<Config>,
  env: Environment,
  setUp: (context: ServiceContext<Config>) => Promise<void> | void,
): Promise<void> {
  const config = readConfig(schema, env)
  const tracing = await startTracing(service, env['OTEL_EXPORTER_OTLP_ENDPOINT'])
  const log = createLogger(service, config.LOG_LEVEL, tracing)
  const stopping = createStopping(log)
  const clock = createClock(Date.now)
  // Libraries ask Date.now and nothing else; BullMQ judges by it which delayed jobs are due.
  Object.assign(Date, { now: clock.now })
  let isStarted = false
  // What has not begun to work has nothing to finish.
  stopping.dependsOn(() => (isStarted ? 0 : Infinity))
  const stopped = untilAborted(stopping.signal)
  const stack = new AsyncDisposableStack()
  if (tracing) stack.use(tracing)
  try {
    const health = stack.use(await startHealth(service, config.HEALTH_PORT, { host: config.HEALTH_HOST }))
    health.addReadiness('start', () => (isStarted ? undefined : 'is starting'))
    const setting = Promise.resolve(setUp({ config, log, health, stack, stopping, clock }))
    isStarted = await Promise.race([setting.then(() => true), stopped.then(() => false)])
    if (isStarted) log.info({ healthPort: health.port }, 'service.started')
  } catch (error) {
    log.fatal({ error }, 'service.failed-to-start')
    stopping.begin()
    await stack.disposeAsync().catch(() => undefined)
    process.exit(1)
  }
  await stopped
  await stack.disposeAsync()
  log.info('service.stopped')
  // A set-up that was left may hold on to something.
  if (!isStarted) process.exit(0)
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function readConfig<Config>(schema: EnvironmentSchema<Config>, env: Environment): Config {
  try {
    return loadConfig(schema, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
