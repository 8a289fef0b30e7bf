import { feedRefreshQueue } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { Redis } from 'ioredis'
import { z } from 'zod'

import { serviceEnvironment, startService } from '../support/service.ts'
import { subscribe } from '../support/subscribe.ts'
import { startChild } from './child.ts'
import { cpuMicroseconds, median, startBenchRedis } from './measure.ts'

export interface FanOutBenchmark {
  /** Feed messages handed to a local stub of Vonage per second: medians of rounds that take turns. */
  switchboard: number
  naive: number
  ratio: number
  /** CPU time per message in microseconds, of all processes but the stub: services, and Redis. */
  switchboardCpu: number
  naiveCpu: number
}

const ROUNDS = 5
/** More would only let the loop take longer: what it costs per message does not depend on it. */
const NAIVE_MESSAGES = 3_000
const DEFAULT_SUBSCRIBERS = 10_000
const AT_ONCE = 1_000

/** From one update to every subscriber's message at Vonage, next to a loop that adds one job per message. */
export async function benchFanOut(
  report: (line: string) => void = console.log,
  { subscribers = DEFAULT_SUBSCRIBERS }: { subscribers?: number | undefined } = {},
): Promise<FanOutBenchmark> {
  await using cleanup = new AsyncDisposableStack()
  const { url: redisUrl, folder } = await startBenchRedis(cleanup)
  const stub = cleanup.use(await startChild('fan-out/stub.ts'))
  const vonageUrl = z.string().parse(await stub.ask({}))
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  cleanup.defer(() => redis.disconnect())
  await subscribeAll(redis, subscribers)
  const redisPid = Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])

  const feeds = { NEWS: { source: 'push', everySeconds: 3_600 } }
  const config = { senders: { sms: '447700900000' }, rates: { sms: 100_000 }, feeds }
  const env = serviceEnvironment({ redisUrl, folder, config, vonageUrl })
  const services = [
    cleanup.use(await startService('feeds', env)),
    cleanup.use(await startService('outbound', env)),
  ].map(({ pid }) => pid)
  const refresh = cleanup.use(createProducer(feedRefreshQueue, redis))
  const adder = cleanup.use(await startChild('fan-out/naive.ts', redisUrl, vonageUrl))
  const worker = cleanup.use(await startChild('fan-out/naive.ts', redisUrl, vonageUrl, 'worker'))

  const push = () =>
    refresh.enqueue({ topic: 'NEWS', update: { id: `u${Date.now()}`, value: '420.00', at: Date.now() } })
  const runs = [
    {
      name: 'naive',
      count: NAIVE_MESSAGES,
      pids: [adder.pid, worker.pid, redisPid],
      rates: [0],
      cpus: [0],
      start: addAll,
    },
    { name: 'switchboard', count: subscribers, pids: [...services, redisPid], rates: [0], cpus: [0], start: push },
  ]
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const run of runs) {
      await stub.ask({ count: run.count })
      const cpuBefore = cpuMicroseconds(...run.pids)
      const from = performance.now()
      const allReceived = stub.next()
      await run.start(round)
      await allReceived
      const seconds = (performance.now() - from) / 1_000
      // The first round only warms up.
      if (round === 0) run.rates.length = run.cpus.length = 0
      else {
        run.rates.push(run.count / seconds)
        run.cpus.push((cpuMicroseconds(...run.pids) - cpuBefore) / run.count)
      }
    }
  }
  for (const { name, rates, cpus } of runs) {
    report(`${name.padEnd(12)} ${median(rates).toFixed(0)} messages/s, ${median(cpus).toFixed(0)} us CPU each`)
  }
  const [naive = NaN, switchboard = NaN] = runs.map(({ rates }) => median(rates))
  const [naiveCpu = NaN, switchboardCpu = NaN] = runs.map(({ cpus }) => median(cpus))
  return { switchboard, naive, ratio: switchboard / naive, switchboardCpu, naiveCpu }

  async function addAll(round: number): Promise<void> {
    await adder.ask({ count: NAIVE_MESSAGES, round })
  }
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

if (import.meta.main) console.log(await benchFanOut())
