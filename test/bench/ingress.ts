import { Redis } from 'ioredis'
import { z } from 'zod'

import { findFreePort } from '../../scripts/ports.ts'
import { serviceEnvironment, startService } from '../support/service.ts'
import { startChild } from './child.ts'
import { loadResult } from './ingress/load-contract.ts'
import { cpuMicroseconds, median, startBenchRedis } from './measure.ts'

export interface IngressBenchmark {
  /** Webhooks answered 200 per second: medians of rounds that take turns. */
  ingress: number
  bare: number
  ratio: number
  /** CPU time of the server per webhook, in microseconds. */
  ingressCpu: number
  bareCpu: number
}

const ROUNDS = 8
const WEBHOOKS = 3_000
const CONNECTIONS = 64

/** Signed webhooks accepted durably per second, next to a bare route that adds a job and verifies nothing. */
export async function benchIngress(report: (line: string) => void = console.log): Promise<IngressBenchmark> {
  await using cleanup = new AsyncDisposableStack()
  const { url: redisUrl, folder } = await startBenchRedis(cleanup)
  const redis = new Redis(redisUrl)
  cleanup.defer(() => redis.disconnect())

  const port = await findFreePort()
  const env = { ...serviceEnvironment({ redisUrl, folder, config: {} }), INGRESS_PORT: String(port) }
  const ingress = cleanup.use(await startService('ingress', { ...env, RATE_LIMIT_PER_MINUTE: '1000000000' }))
  const bare = cleanup.use(await startChild('ingress/bare-route.ts', redisUrl))
  const load = cleanup.use(await startChild('ingress/load.ts'))

  const servers = [
    { name: 'bare', pid: bare.pid, url: z.string().parse(await bare.ask({})), rates: [0], cpus: [0] },
    { name: 'ingress', pid: ingress.pid, url: `http://127.0.0.1:${port}`, rates: [0], cpus: [0] },
  ]
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const server of servers) {
      const cpuBefore = cpuMicroseconds(server.pid)
      const { seconds, refused } = loadResult.parse(
        await load.ask({ url: server.url, count: WEBHOOKS, connections: CONNECTIONS }),
      )
      if (refused > 0) throw new Error(`${server.name} refused ${refused} webhooks`)
      // The first round only warms up.
      if (round === 0) server.rates.length = server.cpus.length = 0
      else {
        server.rates.push(WEBHOOKS / seconds)
        server.cpus.push((cpuMicroseconds(server.pid) - cpuBefore) / WEBHOOKS)
      }
      const kept = await redis.dbsize()
      if (kept < WEBHOOKS) throw new Error(`Redis has ${kept} keys after ${WEBHOOKS} webhooks`)
      await redis.flushdb()
    }
  }
  for (const { name, rates, cpus } of servers) {
    report(`${name.padEnd(8)} ${median(rates).toFixed(0)} webhooks/s, ${median(cpus).toFixed(0)} us CPU each`)
  }
  const [bareRate = NaN, ingressRate = NaN] = servers.map(({ rates }) => median(rates))
  const [bareCpu = NaN, ingressCpu = NaN] = servers.map(({ cpus }) => median(cpus))
  return { ingress: ingressRate, bare: bareRate, ratio: ingressRate / bareRate, ingressCpu, bareCpu }
}

if (import.meta.main) console.log(await benchIngress())
