import { runService } from '@switchboard/runtime'

import { configSchema } from './config.ts'
import { startEchoServer } from './server.ts'

/** After the drain limit calls are closed properly before the process goes. */
const CLOSING_MS = 5_000

await runService('echo', configSchema, process.env, async ({ config, log, health, stack, stopping }) => {
  const drainMs = config.ECHO_DRAIN_SECONDS * 1_000
  stopping.allow(drainMs + CLOSING_MS)
  const { ECHO_PORT: port, HOST: host, ECHO_MAX_CALLS: maxCalls, tokenSecret } = config
  const options = { port, host, maxCalls, tokenSecret, drainMs, log, registry: health.metrics, now: Date.now }
  const server = stack.use(await startEchoServer(options))
  health.addReadiness('calls', () => (server.isDraining ? 'stopping' : undefined))
  log.info({ port: server.port }, 'echo.listening')
})
