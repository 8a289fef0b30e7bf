import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import { startService } from '../support/service.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { Benchmark, Figure } from './figures.ts'
import { percentile } from './measure.ts'
import { startBenchRedis, startIngress, startVonageStub } from './surroundings.ts'
import { takeTurns } from './take-turns.ts'
import type { Side } from './take-turns.ts'
import { loadResult } from './webhook-load-contract.ts'

/** As many people as write at one moment on a busy day. */
const CONNECTIONS = 16
const IDLE_CONVERSATIONS = 100
const IDLE_PAUSE_MS = 15

interface Way {
  stub: Child
  load: Child
}

export const conversation: Benchmark = {
  about: 'conversations: from what somebody wrote (a signed webhook) to our answer at a stub of Vonage',
  reference: 'one process: a route, one BullMQ job, one request; nothing verified, nothing kept',
  counts: 'conversations of a round',
  sizes: { quick: 50, usual: 2_000, growth: [500, 5_000, 50_000] },
  cost: 'cpu',
  async run(report, { rounds, size }) {
    await using cleanup = new AsyncDisposableStack()
    const { url: redisUrl, folder, pid: redisPid } = await startBenchRedis(cleanup)
    const { stub, vonageUrl } = await startVonageStub(cleanup)
    const config = { senders: { whatsapp: '447700900001' }, rates: { whatsapp: 100_000 } }
    const { load, env, ...ingress } = await startIngress(cleanup, { redisUrl, folder, config, vonageUrl })
    const router = cleanup.use(await startService('inbound-router', env))
    const outbound = cleanup.use(await startService('outbound', env))
    const bare = cleanup.use(await startChild('conversation/bare.ts', redisUrl, vonageUrl))

    const way = { stub, load }
    const { url: ours } = ingress
    const reference = z.string().parse(await bare.ask({}))
    const side = (name: string, pids: (number | undefined)[], url: string): Side => ({
      name,
      pids: [...pids, redisPid],
      count: size,
      run: async () => (await converse(url, size, way)) / 1_000,
    })
    const sides = {
      ours: side('switchboard', [ingress.pid, router.pid, outbound.pid], ours),
      reference: side('bare', [bare.pid], reference),
    }
    const words = {
      rate: { label: 'conversations, 16 at once' },
      cpu: { label: 'CPU time of all processes and Redis per conversation', goal: { of: 'ours', most: 1_500 } },
    } as const
    const loaded = await takeTurns(sides, { rounds, unit: 'conversations', words }, report)
    return [...loaded, ...(await measureIdle({ ours, reference }, way, rounds, report))]
  },
}

const answered = z.object({ at: z.number() })

/** Milliseconds until all of them are answered. */
async function converse(url: string, count: number, { stub, load }: Way): Promise<number> {
  await stub.ask({ count })
  const allAnswered = stub.next()
  const asked = { url, count, connections: Math.min(CONNECTIONS, count), text: 'good morning' }
  const { refused, startedAt } = loadResult.parse(await load.ask(asked))
  if (refused > 0) throw new Error(`${url} refused ${refused} webhooks`)
  return answered.parse(await allAnswered).at - startedAt
}

/** One at a time, with nothing else to do: milliseconds until the answer is at Vonage. */
async function measureIdle(
  urls: { ours: string; reference: string },
  way: Way,
  rounds: number,
  report: (line: string) => void,
): Promise<Figure[]> {
  const p50 = { ours: new Array<number>(), reference: new Array<number>() }
  const p99 = { ours: new Array<number>(), reference: new Array<number>() }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['reference', 'ours'] as const) {
      const times: number[] = []
      for (let each = 0; each < IDLE_CONVERSATIONS; each += 1) {
        times.push(await converse(urls[name], 1, way))
        await wait(IDLE_PAUSE_MS)
      }
      p50[name].push(percentile(times, 0.5))
      p99[name].push(percentile(times, 0.99))
    }
  }
  report(`idle: p50 ${percentile(p50.ours, 0.5).toFixed(1)} ms, beside ${percentile(p50.reference, 0.5).toFixed(1)} ms`)
  return [
    { name: 'p50', label: 'idle: half of the answers take at most', unit: 'ms', ...p50, goal: { of: 'ours', most: 5 } },
    { name: 'p99', label: 'idle: 99 of 100 take at most', unit: 'ms', ...p99, goal: { of: 'ours', most: 12 } },
  ]
}
