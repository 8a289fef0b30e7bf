import { feedRefreshQueue } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import type { Redis } from 'ioredis'

import { serviceEnvironment, startService } from '../support/service.ts'
import { subscribe } from '../support/subscribe.ts'
import { startChild } from './child.ts'
import type { Benchmark } from './figures.ts'
import { startBenchRedis, startVonageStub } from './surroundings.ts'
import { takeTurns } from './take-turns.ts'

/** More would only let the loop take longer: what it costs per message does not depend on it. */
const MOST_NAIVE = 3_000
const AT_ONCE = 1_000

export const fanOut: Benchmark = {
  about: 'feed messages handed to a stub of Vonage, from one update to all subscribers',
  reference: 'one BullMQ job per message, nothing checked',
  counts: 'subscribers',
  sizes: { quick: 200, usual: 10_000, growth: [1_000, 10_000, 100_000] },
  cost: 'cpu',
  async run(report, { rounds, size }) {
    await using cleanup = new AsyncDisposableStack()
    const { url: redisUrl, folder, client: redis, pid: redisPid } = await startBenchRedis(cleanup)
    const { stub, vonageUrl } = await startVonageStub(cleanup)
    await subscribeAll(redis, size)

    const feeds = { NEWS: { source: 'push', everySeconds: 3_600 } }
    const config = { senders: { sms: '447700900000' }, rates: { sms: 100_000 }, feeds }
    const env = serviceEnvironment({ redisUrl, folder, config, vonageUrl })
    const feedsService = cleanup.use(await startService('feeds', env))
    const outbound = cleanup.use(await startService('outbound', env))
    const refresh = cleanup.use(createProducer(feedRefreshQueue, redis))
    const adder = cleanup.use(await startChild('fan-out/naive.ts', redisUrl, vonageUrl))
    const worker = cleanup.use(await startChild('fan-out/naive.ts', redisUrl, vonageUrl, 'worker'))

    const untilReceived = async (count: number, start: () => Promise<unknown>) => {
      await stub.ask({ count })
      const allReceived = stub.next()
      await start()
      await allReceived
      return undefined
    }
    const naiveCount = Math.min(size, MOST_NAIVE)
    const sides = {
      ours: {
        name: 'switchboard',
        pids: [feedsService.pid, outbound.pid, redisPid],
        count: size,
        run: () =>
          untilReceived(size, () =>
            refresh.enqueue({ topic: 'NEWS', update: { id: `u${Date.now()}`, value: '420.00', at: Date.now() } }),
          ),
      },
      reference: {
        name: 'naive loop',
        pids: [adder.pid, worker.pid, redisPid],
        count: naiveCount,
        run: (round: number) => untilReceived(naiveCount, () => adder.ask({ count: naiveCount, round })),
      },
    }
    const words = {
      rate: { label: 'messages of a feed handed to a stub of Vonage', goal: { of: 'ratio', least: 5 } },
      cpu: { label: 'CPU time of all processes and Redis per message', goal: { of: 'ours', most: 150 } },
    } as const
    return await takeTurns(sides, { rounds, unit: 'messages', words }, report)
  },
}

async function subscribeAll(redis: Redis, count: number): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const addresses = Array.from(
      { length: Math.min(AT_ONCE, count - from) },
      (_, index) => `4477${10_000_000 + from + index}`,
    )
    await Promise.all(addresses.map((address) => subscribe(redis, { channel: 'sms', address }, 'NEWS')))
  }
}
