import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import { startChild } from './child.ts'
import { cpuMicroseconds, median, startBenchRedis } from './measure.ts'

export interface StartBenchmark {
  /** From the start of the script until every service is ready: nothing compiled before; everything. */
  cold: Start
  warm: Start
  /** Of each process after some idle seconds, by service. */
  memory: Record<string, Memory>
  bare: Memory
}

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

const WARM_ROUNDS = 5
const IDLE_MS = 5_000
const pids = z.record(z.string(), z.number())

/** Time to ready of the whole stack, and the memory of its idle processes next to a worker that does nothing. */
export async function benchStart(report: (line: string) => void = console.log): Promise<StartBenchmark> {
  await using cleanup = new AsyncDisposableStack()
  const { url, folder } = await startBenchRedis(cleanup)
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compile') }
  const data = join(folder, 'data')
  mkdirSync(data)

  const start = async (name: string): Promise<Start & { memory: Record<string, Memory> | undefined }> => {
    const from = performance.now()
    await using stack = await startChild({ file: 'start/stack.ts', env }, url, data)
    const seconds = (performance.now() - from) / 1_000
    const services = pids.parse(stack.first)
    const cpuSeconds = cpuMicroseconds(stack.pid, ...Object.values(services)) / 1_000_000
    report(`${name}: ready after ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU`)
    // The last one also shows what it takes to wait.
    const isLast = name === `warm ${WARM_ROUNDS}`
    if (isLast) await wait(IDLE_MS)
    const memory = isLast ? mapValues(services, readMemory) : undefined
    await stack.ask({})
    return { seconds, cpuSeconds, memory }
  }

  const cold = await start('cold')
  const warm = []
  for (let round = 1; round <= WARM_ROUNDS; round += 1) warm.push(await start(`warm ${round}`))

  // Its first start fills the cache.
  await (await startChild({ file: 'start/bare-worker.ts', env }, url))[Symbol.asyncDispose]()
  await using bareWorker = await startChild({ file: 'start/bare-worker.ts', env }, url)
  await wait(IDLE_MS)
  const bare = readMemory(bareWorker.pid)
  const memory = warm.at(-1)?.memory ?? {}
  for (const [name, one] of Object.entries({ 'bare worker': bare, ...memory })) {
    const ratio = (one.resident / bare.resident).toFixed(2)
    report(
      `${name.padEnd(14)} ${one.resident.toFixed(0).padStart(4)} MB resident (${ratio}), ${one.private.toFixed(0).padStart(4)} MB its own`,
    )
  }
  return {
    cold,
    warm: {
      seconds: median(warm.map(({ seconds }) => seconds)),
      cpuSeconds: median(warm.map(({ cpuSeconds }) => cpuSeconds)),
    },
    memory,
    bare,
  }
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

if (import.meta.main) await benchStart()
