import { createLogger } from '@switchboard/runtime'
import { Registry } from 'prom-client'

import { startEchoServer } from '../server.ts'
import type { EchoServer } from '../server.ts'
import { createUsedTokens } from '../used-tokens.ts'
import { testSecret } from './dial.ts'

export interface TestServer extends EchoServer {
  /** Lets the clock of the server jump. */
  skip(ms: number): void
  /** The value of a metric, with its labels as they are printed. */
  metric(name: string): Promise<string>
}

/** For tests: the service on a random port. */
export async function startTestServer({
  maxCalls = 500,
  drainMs = 0,
  clock = Date.now,
  log = createLogger('echo', 'silent'),
} = {}): Promise<TestServer> {
  const registry = new Registry()
  let skippedMs = 0
  const now = () => clock() + skippedMs
  const usedTokens = createUsedTokens(50_000)
  const options = { port: 0, tokenSecret: testSecret, usedTokens, maxCalls, drainMs, log, registry, now }
  const server = await startEchoServer(options)
  return {
    port: server.port,
    get callCount() {
      return server.callCount
    },
    get isDraining() {
      return server.isDraining
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    skip(ms) {
      skippedMs += ms
    },
    async metric(name) {
      const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${name} `))
      return line?.slice(name.length + 1) ?? 'missing'
    },
  }
}
