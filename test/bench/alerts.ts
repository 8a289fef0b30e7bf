import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { builtFile } from '@switchboard/bundle'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { z } from 'zod'

import { findUnready } from '../../scripts/find-unready.ts'
import { spawnGuarded } from '../../scripts/guarded-spawn.mjs'
import { findFreePort } from '../../scripts/ports.ts'
import { countBytes, fillAlerts, fillDue, keepHandOvers, readHandOvers } from './alerts/fill.ts'
import type { Bytes } from './alerts/fill.ts'
import { benchSecret } from './alerts/pipeline.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { Benchmark } from './figures.ts'
import { cpuMicroseconds, percentile } from './measure.ts'
import { startBenchRedis } from './surroundings.ts'

interface Measured {
  /** Microseconds of CPU time per step, and milliseconds that each was late, in the order in which they were due. */
  cpu: number
  latenesses: number[]
}

const root = join(import.meta.dirname, '..', '..')
const BARE_QUEUE = 'bare'
/** One per millisecond: as many as it takes until one costs what the next one costs, and as many as are measured. */
const WARM_UP_STEPS = 5_000
const STEPS_OF_A_ROUND = 4_000
const MAX_LATE_MS = 20_000
const samples = z.array(z.number())

export const alerts: Benchmark = {
  about: 'steps of alerts, 1,000 of them falling due per second beside alerts that walk, each to another person',
  reference: 'a BullMQ worker that does nothing with as many delayed jobs',
  counts: 'alerts that walk meanwhile',
  sizes: { quick: 100, usual: 20_000, growth: [1_000, 10_000, 100_000] },
  cost: 'cpu',
  async run(report, { rounds, size }) {
    await using cleanup = new AsyncDisposableStack()
    const { url, client: redis } = await startBenchRedis(cleanup)
    // Redis pauses while it writes its file anew, in whosever turn that is: docs/benchmarks.md says for how long.
    await redis.config('SET', 'auto-aof-rewrite-percentage', '0')
    const empty = await countBytes(redis)
    await fillAlerts(redis, size)
    const bytes = await countBytes(redis, empty, size)
    report(`${size} alerts walk; per alert: ${describeBytes(bytes)}`)

    const bare = cleanup.use(await startChild('alerts/bare-worker.ts', url, BARE_QUEUE))
    const failover = await startFailover(url)
    cleanup.defer(() => void failover.kill('SIGKILL'))
    const p99 = { ours: new Array<number>(), reference: new Array<number>() }
    const cpu = { ours: new Array<number>(), reference: new Array<number>() }
    // The engine has to compile our code first, and the worker's.
    const counts = [WARM_UP_STEPS, ...Array.from({ length: rounds }, () => STEPS_OF_A_ROUND)].map((each) =>
      Math.min(each, size * 2),
    )
    for (const [round, count] of counts.entries()) {
      const reference = await measureBare(redis, bare, count)
      const ours = await measureSteps(redis, failover, count)
      report(
        `${round === 0 ? 'warming up' : `round ${round}`}: late by ${describeLateness(ours)}; beside it ${describeLateness(reference)}`,
      )
      if (round === 0) continue
      p99.ours.push(percentile(ours.latenesses, 0.99))
      p99.reference.push(percentile(reference.latenesses, 0.99))
      cpu.ours.push(ours.cpu)
      cpu.reference.push(reference.cpu)
    }
    return [
      {
        name: 'p99',
        label: 'how late 99 of 100 steps are at most',
        unit: 'ms',
        ...p99,
        goal: { of: 'ours', most: 25 },
      },
      {
        name: 'cpu',
        label: 'CPU time of the failover service per step',
        unit: 'µs',
        ...cpu,
        goal: { of: 'ratio', most: 1.3 },
      },
      {
        name: 'memory',
        label: 'memory of a walking alert, everything together',
        unit: 'bytes',
        ours: [bytes.total],
        goal: { of: 'ours', most: 1_400 },
      },
    ]
  },
}

/** Jobs due one per millisecond, beginning when all of them are there. */
async function measureBare(redis: Redis, worker: Child, count: number): Promise<Measured> {
  const queue = new Queue(BARE_QUEUE, { connection: redis })
  const { length: before } = samples.parse(await worker.ask({}))
  try {
    const firstAt = Date.now() + 2_000 + count
    for (let from = 0; from < count; from += 500) {
      const jobs = Array.from({ length: Math.min(500, count - from) }, (_, index) => {
        const delay = firstAt + from + index - Date.now()
        return { name: BARE_QUEUE, data: { step: `alert-${from + index}` }, opts: { delay } }
      })
      await queue.addBulk(jobs)
    }
    const cpu = await measureCpu(worker.pid, firstAt, count)
    return {
      cpu,
      latenesses: await untilComplete(async () => samples.parse(await worker.ask({})).slice(before), count),
    }
  } finally {
    await queue.close()
  }
}

/** Microseconds per step while they fall due. */
async function measureCpu(pid: number | undefined, firstAt: number, count: number): Promise<number> {
  await wait(firstAt - Date.now())
  const before = cpuMicroseconds(pid)
  await wait(firstAt + count + 500 - Date.now())
  return (cpuMicroseconds(pid) - before) / count
}

/** The failover service itself, while all the other alerts are there. */
async function measureSteps(redis: Redis, service: ChildProcess, count: number): Promise<Measured> {
  await keepHandOvers(redis, count)
  const { due, firstAt } = await fillDue(redis, count)
  if (Date.now() > firstAt) throw new Error('This machine was too slow to make the alerts in time')
  const cpu = await measureCpu(service.pid, firstAt, count)
  return { cpu, latenesses: await untilComplete(() => readHandOvers(redis, due), count) }
}

async function untilComplete(read: () => Promise<number[]>, count: number): Promise<number[]> {
  const deadline = Date.now() + MAX_LATE_MS
  for (;;) {
    const latenesses = await read()
    if (latenesses.length >= count) return latenesses
    if (Date.now() > deadline) throw new Error(`${latenesses.length} of ${count} came within ${MAX_LATE_MS} ms`)
    await wait(500)
  }
}

async function startFailover(url: string): Promise<ChildProcess> {
  const healthPort = await findFreePort()
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    REDIS_URL: url,
    HEALTH_PORT: String(healthPort),
    SESSION_SECRET: benchSecret,
    PUBLIC_URL: 'https://alerts.example.com',
    SWITCHBOARD_CONFIG: join(root, 'switchboard.config.json'),
    VONAGE_API_URL: 'http://127.0.0.1:1',
    VONAGE_APPLICATION_ID: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
    VONAGE_PRIVATE_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
  // Its log goes where nobody reads it, as fast as it comes.
  const service = spawnGuarded(process.execPath, [builtFile('failover')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while ((await findUnready(healthPort)) !== undefined) await wait(100)
  return service
}

function describeLateness({ latenesses, cpu }: Measured): string {
  const [p50, p99, max] = [0.5, 0.99, 1].map((part) => `${percentile(latenesses, part)} ms`)
  return `p50 ${p50}, p99 ${p99}, max ${max}, ${Math.round(cpu)} µs of CPU each`
}

function describeBytes({ total, parts }: Bytes): string {
  return `${total} bytes (${parts.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')})`
}
