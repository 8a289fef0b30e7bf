import cluster from 'node:cluster'

import { runService } from '@switchboard/runtime'

import { configSchema } from './config.ts'
import { sayPresent } from './presence.ts'
import { joinProcesses, superviseProcesses } from './processes.ts'
import { startEchoServer } from './server.ts'
import { createUsedTokens } from './used-tokens.ts'

/** After the drain limit calls are closed properly before the process goes. */
const CLOSING_MS = 5_000
/** Of tokens that live one minute. */
const MAX_REMEMBERED_TOKENS = 50_000

await runService('echo', configSchema, process.env, async (context) => {
  const { config, log, health, stack, stopping } = context
  const { ECHO_PORT: port, HOST: host, ECHO_PROCESSES: processes, tokenSecret } = config
  const drainMs = config.ECHO_DRAIN_SECONDS * 1_000
  stopping.allow(drainMs + CLOSING_MS)
  const usedTokens = createUsedTokens(MAX_REMEMBERED_TOKENS)
  if (cluster.isPrimary && processes > 1) return superviseProcesses(processes, usedTokens, context)

  const others = cluster.isWorker ? stack.use(joinProcesses(health.metrics, stopping)) : undefined
  const maxCalls = Math.ceil(config.ECHO_MAX_CALLS / processes)
  const server = stack.use(
    await startEchoServer({
      port,
      host,
      maxCalls,
      tokenSecret,
      usedTokens: others?.usedTokens ?? usedTokens,
      drainMs,
      log,
      registry: health.metrics,
      now: Date.now,
    }),
  )
  health.addReadiness('calls', () => (server.isDraining ? 'stopping' : undefined))
  const { INGRESS_URL: ingressUrl } = config
  if (ingressUrl) void sayPresent({ ingressUrl, tokenSecret, log, signal: stopping.signal })
  if (others) others.ready(server.port)
  else log.info({ port: server.port, healthPort: health.port }, 'echo.listening')
})
