import { z } from 'zod'

import { startChild } from './child.ts'
import type { Benchmark } from './figures.ts'
import { startBenchRedis, startIngress } from './surroundings.ts'
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
    const { url: redisUrl, folder, client: redis } = await startBenchRedis(cleanup)
    const { load, ...service } = await startIngress(cleanup, { redisUrl, folder, config: {} })
    const bare = cleanup.use(await startChild('ingress/bare-route.ts', redisUrl))

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
      ours: side('ingress', service.pid, service.url),
      reference: side('bare', bare.pid, z.string().parse(await bare.ask({}))),
    }
    const words = {
      rate: { label: 'signed webhooks accepted durably', goal: { of: 'ratio', least: 1 } },
      cpu: { label: 'CPU time of ingress per webhook', goal: { of: 'ratio', most: 1.3 } },
    } as const
    return await takeTurns(sides, { rounds, unit: 'webhooks', words }, report)
  },
}
