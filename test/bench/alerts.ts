import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { z } from 'zod'

import { findFreePort } from '../../scripts/ports.ts'
import { countBytes, fillAlerts, fillDue, keepHandOvers, readHandOvers } from './alerts/fill.ts'
import type { Bytes } from './alerts/fill.ts'
import { benchSecret } from './alerts/pipeline.ts'
import { startChild } from './child.ts'
import { cpuMicroseconds, startBenchRedis, watchStolenTime } from './measure.ts'

export interface AlertsBenchmark {
  alerts: number
  /** Of Redis per walking alert whose first message was delivered, everything together. */
  bytesPerAlert: number
  /** Milliseconds from when a step was due until Redis had its next message in the queue of its channel. */
  lateness: Lateness
  /** The same of the first seconds, in which the engine has yet to compile the service's code. */
  coldLateness: Lateness
  /** How late a BullMQ worker that does nothing begins such jobs, in the same run, before and after. */
  bareLateness: Lateness
  /** Microseconds of CPU: of the failover service per step, and of that worker per job. */
  cpuPerStep: number
  bareCpuPerJob: number
}

interface Lateness {
  p50: number
  p99: number
  max: number
}

export interface AlertsBenchmarkOptions {
  alerts?: number
  seconds?: number
}

interface Used {
  cpu: number
  /** The share of CPU time that the host of this machine gave to others. */
  stolen: number
}

interface Measured extends Used {
  /** How often Redis began to write its append-only file anew, with a process of its own that takes a core. */
  rewrites: number
  /** In the order in which the steps were due, those of the warm-up apart. */
  cold: number[]
  latenesses: number[]
}

const root = join(import.meta.dirname, '..', '..')
const PER_SECOND = 1_000
/** As long as it takes until one step costs what the next one costs. */
const WARM_UP_SECONDS = 5
const MAX_LATE_MS = 20_000
const samples = z.array(z.number())

/** Memory of walking alerts, and how late their steps are with 1,000 of them falling due per second. */
export async function benchAlerts(
  report: (line: string) => void = console.log,
  { alerts = 100_000, seconds = 16 }: AlertsBenchmarkOptions = {},
): Promise<AlertsBenchmark> {
  await using cleanup = new AsyncDisposableStack()
  const { url } = await startBenchRedis(cleanup)
  const redis = new Redis(url, { maxRetriesPerRequest: null })
  cleanup.defer(() => redis.disconnect())

  const empty = await countBytes(redis)
  const startedAt = Date.now()
  await fillAlerts(redis, alerts)
  const bytes = await countBytes(redis, empty, alerts)
  report(
    `${alerts} alerts walk (${Math.round((Date.now() - startedAt) / 1_000)} s); per alert: ${describeBytes(bytes)}`,
  )

  const bareBefore = await measureBare(redis, url, seconds / 4)
  const steps = await measureSteps(redis, url, seconds)
  const bareAfter = await measureBare(redis, url, seconds / 4)
  const bareLateness = summarise([...bareBefore.latenesses, ...bareAfter.latenesses])
  const lateness = summarise(steps.latenesses)
  const coldLateness = summarise(steps.cold)
  const bareCpuPerJob = (bareBefore.cpu + bareAfter.cpu) / 2
  const load = `${PER_SECOND} due per second`
  report(`bare BullMQ, ${load}: late by ${describeLateness(bareLateness)}, ${Math.round(bareCpuPerJob)} us CPU each`)
  report(`alert steps, ${load}: late by ${describeLateness(lateness)}, ${Math.round(steps.cpu)} us CPU each`)
  report(`  in the first ${WARM_UP_SECONDS} s, not counted above: ${describeLateness(coldLateness)}`)
  report(
    `  meanwhile: ${describeOthers(steps)}; beside the bare worker: ${[bareBefore, bareAfter].map(describeOthers).join('; ')}`,
  )
  const cpus = { cpuPerStep: steps.cpu, bareCpuPerJob }
  return { alerts, bytesPerAlert: bytes.total, lateness, coldLateness, bareLateness, ...cpus }
}

/** Jobs due one per millisecond, beginning when all of them are there. */
async function measureBare(redis: Redis, url: string, seconds: number): Promise<Measured> {
  const name = 'bare'
  await using cleanup = new AsyncDisposableStack()
  const queue = new Queue(name, { connection: redis })
  cleanup.defer(() => queue.close())
  const worker = cleanup.use(await startChild('alerts/bare-worker.ts', url, name))
  const count = (WARM_UP_SECONDS + seconds) * PER_SECOND
  const firstAt = Date.now() + 3_000 + count
  for (let from = 0; from < count; from += 500) {
    const jobs = Array.from({ length: 500 }, (_, index) => {
      const delay = firstAt + from + index - Date.now()
      return { name, data: { step: `alert-${from + index}` }, opts: { delay } }
    })
    await queue.addBulk(jobs)
  }
  await wait(firstAt - Date.now())
  const rewrites = await countRewrites(redis)
  const used = await measureCpu(worker.pid, firstAt, seconds)
  const all = await untilComplete(async () => samples.parse(await worker.ask({})), count)
  return split(all, { ...used, rewrites: (await countRewrites(redis)) - rewrites })
}

/** From the end of the warm-up until everything is done; CPU in microseconds per step. */
async function measureCpu(pid: number | undefined, firstAt: number, seconds: number): Promise<Used> {
  const warmAt = firstAt + WARM_UP_SECONDS * 1_000
  await wait(warmAt - Date.now())
  const before = cpuMicroseconds(pid)
  const stolen = watchStolenTime()
  await wait(warmAt + seconds * 1_000 + 500 - Date.now())
  return { cpu: (cpuMicroseconds(pid) - before) / (seconds * PER_SECOND), stolen: stolen() }
}

function split(all: number[], used: Used & { rewrites: number }): Measured {
  const coldCount = WARM_UP_SECONDS * PER_SECOND
  return { cold: all.slice(0, coldCount), latenesses: all.slice(coldCount), ...used }
}

/** The failover service itself, while all the other alerts are there. */
async function measureSteps(redis: Redis, url: string, seconds: number): Promise<Measured> {
  const count = (WARM_UP_SECONDS + seconds) * PER_SECOND
  const service = await startFailover(url)
  try {
    await keepHandOvers(redis, count)
    const { due, firstAt } = await fillDue(redis, count)
    if (Date.now() > firstAt) throw new Error('This machine was too slow to make the alerts in time')
    await wait(firstAt - Date.now())
    const rewrites = await countRewrites(redis)
    const used = await measureCpu(service.pid, firstAt, seconds)
    const all = await untilComplete(() => readHandOvers(redis, due), count)
    return split(all, { ...used, rewrites: (await countRewrites(redis)) - rewrites })
  } finally {
    service.kill('SIGKILL')
  }
}

async function countRewrites(redis: Redis): Promise<number> {
  return Number(/aof_rewrites:(\d+)/.exec(await redis.info('persistence'))?.[1])
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
  const service = spawn(process.execPath, [join(root, 'services/failover/src/main.ts')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while (!(await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => undefined))?.ok) await wait(100)
  return service
}

function summarise(latenesses: number[]): Lateness {
  const sorted = latenesses.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? NaN }
}

/** What else may have made the times longer. */
function describeOthers({ stolen, rewrites }: Measured): string {
  return `host took ${(stolen * 100).toFixed(1)} % of the CPU time, Redis rewrote its file ${rewrites} times`
}

function describeLateness({ p50, p99, max }: Lateness): string {
  return `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`
}

function describeBytes({ total, parts }: Bytes): string {
  return `${total} bytes (${parts.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')})`
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { small: { type: 'boolean' } } })
  await benchAlerts(console.log, values.small ? { alerts: 5_000, seconds: 4 } : {})
}
