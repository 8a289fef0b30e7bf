import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { startChild } from './child.ts'
import type { Benchmark } from './figures.ts'
import { cpuMicroseconds } from './measure.ts'
import { servicesOf, startDoor } from './start/door.ts'
import { startBenchRedis } from './surroundings.ts'

interface Start {
  seconds: number
  /** CPU time of all processes together: tells more than the clock on a machine that others use, too. */
  cpuSeconds: number
}

/** In megabytes; NaN where it cannot be read. */
interface Memory {
  resident: number
  /** What nobody else has: without the pages of the Node binary that all processes share. */
  private: number
}

const IDLE_MS = 5_000

export const start: Benchmark = {
  about: 'the whole stack from its start until all services are ready, and the memory of its idle processes',
  reference: 'a worker that does nothing',
  counts: 'stack',
  sizes: { quick: 1, usual: 1 },
  cost: 'warm',
  async run(report, { rounds }) {
    await using cleanup = new AsyncDisposableStack()
    const { url, folder } = await startBenchRedis(cleanup)
    const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compile') }
    const data = join(folder, 'data')
    mkdirSync(data)
    const startAll = async (name: string, idleMs = 0) => {
      const started = await startStack({ env, data, idleMs })
      report(`${name}: ready after ${started.seconds.toFixed(2)} s, ${started.cpuSeconds.toFixed(2)} s of CPU`)
      return started
    }

    const cold = await startAll('cold')
    const warm = []
    for (let round = 1; round <= rounds; round += 1) {
      // The last one also shows what it takes to wait.
      warm.push(await startAll(`warm ${round}`, round === rounds ? IDLE_MS : 0))
    }
    const bare = await measureBareWorker(env, url)
    const memory = Object.entries(warm.at(-1)?.memory ?? {})
    for (const [name, one] of [['bare worker', bare] as const, ...memory]) report(describe(name, one, bare))

    const idle = (isMeant: (name: string) => boolean) => {
      const sizes = memory.filter(([name]) => isMeant(name)).map(([, { resident }]) => resident)
      return sizes.length > 0 ? Math.max(...sizes) : NaN
    }
    const most = { reference: [bare.resident], unit: 'MB', goal: { of: 'ratio', most: 1.1 } } as const
    return [
      {
        name: 'warm',
        label: 'the stack is ready, everything compiled before',
        unit: 's',
        ours: warm.map(({ seconds }) => seconds),
        goal: { of: 'ours', most: 3.5 },
      },
      { name: 'warm-cpu', label: 'CPU time of that', unit: 's', ours: warm.map(({ cpuSeconds }) => cpuSeconds) },
      { name: 'cold', label: 'the stack is ready, nothing compiled before', unit: 's', ours: [cold.seconds] },
      {
        name: 'worker',
        label: 'memory of the largest idle worker',
        ...most,
        ours: [idle((name) => WORKERS.has(name))],
      },
      { name: 'server', label: 'memory of the largest idle process', ...most, ours: [idle(() => true)] },
    ]
  },
}

const WORKERS = new Set<string>(['inbound-router', 'subscriptions', 'feeds', 'notifications', 'failover', 'outbound'])

interface StackOptions {
  env: NodeJS.ProcessEnv
  data: string
  /** Before its memory is read. */
  idleMs: number
}

async function startStack({ env, data, idleMs }: StackOptions): Promise<Start & { memory: Record<string, Memory> }> {
  const from = performance.now()
  await using door = await startDoor(env, data)
  const seconds = (performance.now() - from) / 1_000
  const services = servicesOf(door.pid)
  const cpuSeconds = cpuMicroseconds(door.pid, ...Object.values(services)) / 1_000_000
  await wait(idleMs)
  return { seconds, cpuSeconds, memory: mapValues(services, readMemory) }
}

async function measureBareWorker(env: NodeJS.ProcessEnv, url: string): Promise<Memory> {
  // Its first start fills the cache.
  await (await startChild({ file: 'start/bare-worker.ts', env }, url))[Symbol.asyncDispose]()
  await using worker = await startChild({ file: 'start/bare-worker.ts', env }, url)
  await wait(IDLE_MS)
  return readMemory(worker.pid)
}

function describe(name: string, { resident, private: own }: Memory, bare: Memory): string {
  const size = `${resident.toFixed(0).padStart(4)} MB resident (${(resident / bare.resident).toFixed(2)})`
  return `${name.padEnd(14)} ${size}, ${own.toFixed(0).padStart(4)} MB its own`
}

function mapValues<In, Out>(record: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}

/** Linux only; NaN elsewhere. */
function readMemory(pid: number | undefined): Memory {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const megabytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(rollup)?.[1]) / 1_024
    return { resident: megabytes('Rss'), private: megabytes('Private_Clean') + megabytes('Private_Dirty') }
  } catch {
    return { resident: NaN, private: NaN }
  }
}
