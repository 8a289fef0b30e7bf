import type { AddressInfo } from 'node:net'

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

import { createLoopWatch } from './loop-watch.ts'
import { createServer } from './node-http.ts'
import { readMetrics } from './read-metrics.ts'
import { repeat } from './repeat.ts'
import { httpLimits, limitConnections } from './server-limits.ts'

const SAMPLE_EVERY_MS = 5_000
const MAX_CONNECTIONS = 100

/** Undefined when all is well, else what is wrong. Says it from memory: being asked must not wait for anything. */
export type HealthCheck = () => string | undefined
/** Looks at the world for a check, every few seconds. One that fails or hangs leaves the check with what it last saw. */
export type Sample = () => Promise<void>

export interface Health extends AsyncDisposable {
  /** Whose. */
  readonly service: string
  /** Alive: false when only a restart can help. */
  addLiveness(name: string, check: HealthCheck, sample?: Sample): void
  /** Ready: false while something we need is away. */
  addReadiness(name: string, check: HealthCheck, sample?: Sample): void
  readonly metrics: Registry
  /** What `/metrics` says instead, of a process that speaks for others. */
  serveMetrics(read: () => Promise<string>): void
  readonly port: number
}

/** Serves `/livez`, `/readyz` and `/metrics` on a port of their own, never on the public one. */
export async function startHealth(
  service: string,
  port: number,
  { host = '127.0.0.1', sampleEveryMs = SAMPLE_EVERY_MS } = {},
): Promise<Health> {
  const liveness = new Map<string, HealthCheck>()
  const readiness = new Map<string, HealthCheck>()
  const samples = new AsyncDisposableStack()
  const metrics = new Registry()
  metrics.setDefaultLabels({ service })
  collectDefaultMetrics({ register: metrics })
  const ready = new Gauge({
    name: 'switchboard_ready',
    help: '1 while /readyz says ok, else 0',
    registers: [],
    collect() {
      this.set(findProblems(readiness).length === 0 ? 1 : 0)
    },
  })
  metrics.registerMetric(ready)
  liveness.set('event loop', samples.use(createLoopWatch()).problem)

  let read = () => readMetrics(metrics)
  const answer = async (path: string | undefined): Promise<Answer> => {
    if (path === '/metrics') return { status: 200, type: metrics.contentType, body: await read() }
    if (path !== '/livez' && path !== '/readyz') return { status: 404, type: 'text/plain', body: '' }
    const problems = findProblems(path === '/livez' ? liveness : readiness)
    const isWell = problems.length === 0
    const body = JSON.stringify({ service, status: isWell ? 'ok' : 'failing', problems })
    return { status: isWell ? 200 : 503, type: 'application/json', body }
  }
  const server = createServer(httpLimits, (request, response) => {
    const path = request.url?.split('?')[0]
    answer(path)
      .catch((error: unknown): Answer => ({ status: 500, type: 'text/plain', body: String(error) }))
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body))
      // Nothing that happens to an answer about our health may end the process.
      .catch(() => response.destroy())
  })
  limitConnections(server, MAX_CONNECTIONS)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`HEALTH_PORT ${port} cannot be used`, { cause: error })))
    server.listen(port, host, resolve)
  })
  const add = (checks: Map<string, HealthCheck>) => (name: string, check: HealthCheck, sample?: Sample) => {
    checks.set(name, check)
    if (sample) samples.use(repeat(name, sampleEveryMs, sample, { error: () => undefined }))
  }

  return {
    service,
    addLiveness: add(liveness),
    addReadiness: add(readiness),
    metrics,
    serveMetrics: (instead) => void (read = instead),
    port: addressPort(server.address()),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await samples.disposeAsync()
    },
  }
}

interface Answer {
  status: number
  type: string
  body: string
}

function addressPort(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}

function findProblems(checks: Map<string, HealthCheck>): string[] {
  return [...checks].flatMap(([name, check]) => {
    const problem = check()
    return problem ? [`${name}: ${problem}`] : []
  })
}
