import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { collectDefaultMetrics, Registry } from 'prom-client'

/** Undefined when all is well, else what is wrong. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>

export interface Health extends AsyncDisposable {
  /** Alive: false when only a restart can help. */
  addLiveness(name: string, check: HealthCheck): void
  /** Ready: false while something we need is away. */
  addReadiness(name: string, check: HealthCheck): void
  readonly metrics: Registry
  readonly port: number
}

/** Serves `/livez`, `/readyz` and `/metrics` on a port of their own, never on the public one. */
export async function startHealth(service: string, port: number): Promise<Health> {
  const liveness = new Map<string, HealthCheck>()
  const readiness = new Map<string, HealthCheck>()
  const metrics = new Registry()
  metrics.setDefaultLabels({ service })
  collectDefaultMetrics({ register: metrics })

  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0]
    if (path === '/metrics') {
      response.setHeader('content-type', metrics.contentType)
      response.end(await metrics.metrics())
    } else if (path === '/livez' || path === '/readyz') {
      const problems = await runChecks(path === '/livez' ? liveness : readiness)
      response.statusCode = problems.length === 0 ? 200 : 503
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ service, status: problems.length === 0 ? 'ok' : 'failing', problems }))
    } else {
      response.statusCode = 404
      response.end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`HEALTH_PORT ${port} cannot be used`, { cause: error })))
    server.listen(port, resolve)
  })

  return {
    addLiveness: (name, check) => void liveness.set(name, check),
    addReadiness: (name, check) => void readiness.set(name, check),
    metrics,
    port: addressPort(server.address()),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function addressPort(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}

async function runChecks(checks: Map<string, HealthCheck>): Promise<string[]> {
  const results = await Promise.all(
    [...checks].map(async ([name, check]) => {
      const problem = await Promise.resolve(check()).catch((error: unknown) => String(error))
      return problem ? [`${name}: ${problem}`] : []
    }),
  )
  return results.flat()
}
