import { startHealth } from './health.ts'
import type { Health } from './health.ts'
import { ConfigError, loadConfig } from './load-config.ts'
import type { Environment, EnvironmentSchema } from './load-config.ts'
import { createLogger } from './logger.ts'
import type { Logger } from './logger.ts'
import { startTracing } from './tracing.ts'

/** Longer than any job may take, shorter than the compose file's `stop_grace_period` of 30 s. */
const SHUTDOWN_LIMIT_MS = 25_000

export interface ServiceContext<Config> {
  config: Config
  log: Logger
  health: Health
  /** Disposed in reverse order at shutdown. */
  stack: AsyncDisposableStack
  /** For work that lasts longer than a job may, such as a call: how long stopping may take in all. */
  allowShutdown: (limitMs: number) => void
}

interface CommonConfig {
  LOG_LEVEL: string
  HEALTH_PORT: number
}

/**
 * The life of a process: configuration (all problems printed, exit 1), logger, health port, set-up, then until SIGTERM
 * or SIGINT; at the end everything is disposed in reverse order. A second signal exits at once.
 */
export async function runService<Config extends CommonConfig>(
  service: string,
  schema: EnvironmentSchema<Config>,
  env: Environment,
  setUp: (context: ServiceContext<Config>) => Promise<void> | void,
): Promise<void> {
  const config = readConfig(schema, env)
  const tracing = await startTracing(service, env['OTEL_EXPORTER_OTLP_ENDPOINT'])
  const log = createLogger(service, config.LOG_LEVEL, tracing !== undefined)
  const stopped = waitForSignal(log)
  const stack = new AsyncDisposableStack()
  if (tracing) stack.use(tracing)
  let shutdownLimitMs = SHUTDOWN_LIMIT_MS
  const allowShutdown = (limitMs: number) => {
    shutdownLimitMs = Math.max(shutdownLimitMs, limitMs)
  }
  try {
    const health = stack.use(await startHealth(service, config.HEALTH_PORT))
    let isStarted = false
    health.addReadiness('start', () => (isStarted ? undefined : 'is starting'))
    await setUp({ config, log, health, stack, allowShutdown })
    isStarted = true
    log.info({ healthPort: health.port }, 'service.started')
  } catch (error) {
    log.fatal({ error }, 'service.failed-to-start')
    await stack.disposeAsync().catch(() => undefined)
    process.exit(1)
  }
  await stopped
  setTimeout(() => {
    log.error({ afterMs: shutdownLimitMs }, 'service.stop-timed-out')
    process.exit(1)
  }, shutdownLimitMs).unref()
  await stack.disposeAsync()
  log.info('service.stopped')
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

function waitForSignal(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(1)
        isStopping = true
        log.info({ signal }, 'service.stopping')
        resolve()
      })
    }
  })
}
