import { Redis } from 'ioredis'
import { z } from 'zod'

import { findFreePort } from '../../scripts/ports.ts'
import { serviceEnvironment, startService } from '../support/service.ts'
import { startChild } from './child.ts'
import type { Benchmark } from './figures.ts'
import { startBenchRedis } from './measure.ts'
import { takeTurns } from './take-turns.ts'
import type { Side } from './take-turns.ts'
import { loadResult } from './webhook-load-contract.ts'

const CONNECTIONS = 64

export const ingress: Benchmark = {
  about: 'signed webhooks accepted durably',
  reference: 'a Fastify route with one queue.add, nothing verified',
  counts: 'webhooks of a round',
  sizes: { quick: 100, usual: 6_000, growth: [1_000, 10_000, 100_000] },
  cost: 'cpu',
  async run(report, { rounds, size }) {
    await using cleanup = new AsyncDisposableStack()
    const { url: redisUrl, folder } = await startBenchRedis(cleanup)
    const redis = new Redis(redisUrl)
    cleanup.defer(() => redis.disconnect())
    const port = await findFreePort()
    const env = { ...serviceEnvironment({ redisUrl, folder, config: {} }), INGRESS_PORT: String(port) }
    const service = cleanup.use(await startService('ingress', { ...env, RATE_LIMIT_PER_MINUTE: '1000000000' }))
    const bare = cleanup.use(await startChild('ingress/bare-route.ts', redisUrl))
    const load = cleanup.use(await startChild('webhook-load.ts'))

    const side = (name: string, pid: number | undefined, url: string): Side => ({
      name,
      pids: [pid],
      count: size,
      async run() {
        const asked = { url, count: size, connections: CONNECTIONS, text: 'MSFT please' }
        const { refused, seconds } = loadResult.parse(await load.ask(asked))
        if (refused > 0) throw new Error(`${name} refused ${refused} webhooks`)
        return seconds
      },
      async tidy() {
        const kept = await redis.dbsize()
        if (kept < size) throw new Error(`Redis has ${kept} keys after ${size} webhooks`)
        await redis.flushdb()
      },
    })
    const sides = {
      ours: side('ingress', service.pid, `http://127.0.0.1:${port}`),
      reference: side('bare', bare.pid, z.string().parse(await bare.ask({}))),
    }
    const words = {
      rate: { label: 'signed webhooks accepted durably', goal: { of: 'ratio', least: 1 } },
      cpu: { label: 'CPU time of ingress per webhook', goal: { of: 'ratio', most: 1.3 } },
    } as const
    return await takeTurns(sides, { rounds, unit: 'webhooks', words }, report)
  },
}
