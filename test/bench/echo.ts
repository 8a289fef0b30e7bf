import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

import { builtFile } from '@switchboard/bundle'
import { z } from 'zod'

import { spawnGuarded } from '../../scripts/guarded-spawn.mjs'
import { endingWithParent } from './child.ts'
import type { LoadReply, LoadRequest, LoadResult } from './echo/load.ts'
import type { Benchmark } from './figures.ts'

interface Server {
  name: string
  child: ChildProcess
  best: number
  /** Steps in a row that it could not carry. */
  failures: number
}

const secret = 'only for the benchmark of the echo'
const LIMIT_MS = 20
const FIRST_CALLS = 300
const STEP_CALLS = 50
const MAX_CALLS = 4_000
const WINDOW_MS = 600
/** The machine is shared: a window may fail because of somebody else. All of these must. */
const WINDOWS = 3
/** For the same reason one more call than the limit may seem too many while fifty more are not. */
const TOLERATED_STEPS = 2
const CPU_TURNS = 8
const TIME_LIMIT_MS = 60_000

export const echo: Benchmark = {
  about: 'calls that one process echoes with p99 below 20 ms (a frame of 640 bytes each 20 ms)',
  reference: 'the barest echo of the ws library',
  counts: 'calls are tried at most',
  sizes: { quick: 40, usual: 4_000, growth: [3, 30, FIRST_CALLS] },
  cost: 'cpu',
  async run(report, { rounds, size }) {
    await using cleanup = new AsyncDisposableStack()
    const begin = (name: string, child: ChildProcess): Server => {
      cleanup.defer(() => void child.kill('SIGKILL'))
      return { name, child, best: 0, failures: 0 }
    }
    const load = begin('load', fork(join(import.meta.dirname, 'echo', 'load.ts'), { execArgv: endingWithParent })).child
    const ask = createAsk(load)
    const bare = begin('bare', startServer(join(import.meta.dirname, 'echo', 'bare-server.ts')))
    const service = begin('service', startServer(builtFile('echo'), serviceFlags))
    const servers = [bare, service]
    const ports = new Map(
      await Promise.all(servers.map(async ({ name, child }) => [name, await readPort(child)] as const)),
    )
    const grow = (target: string, calls: number) =>
      ask({ kind: 'grow', target, port: ports.get(target) ?? 0, secret, calls })
    const run: Run = async (target) => {
      const reply = await ask({ kind: 'run', target, ms: WINDOW_MS })
      if (reply.kind !== 'ran') throw new Error('The load generator did not run')
      return reply
    }

    const first = Math.min(FIRST_CALLS, size)
    const cpu = await measureCpu(servers, first, grow, run)
    const most = { ours: new Array<number>(), reference: new Array<number>() }
    for (let round = 0; round < rounds; round += 1) {
      for (const server of servers) Object.assign(server, { best: 0, failures: 0 })
      // Nobody learns anything from the first half again.
      const from = Math.max(first, Math.floor((most.ours[0] ?? 0) / 2))
      await findMost(servers, { from, size }, grow, run, report)
      most.ours.push(service.best)
      most.reference.push(bare.best)
      await ask({ kind: 'end' })
    }
    return [
      {
        name: 'calls',
        label: 'calls echoed with p99 below 20 ms',
        unit: 'calls',
        ...most,
        goal: { of: 'ratio', least: 1 },
      },
      { name: 'cpu', label: 'CPU time of a frame', unit: 'µs', ...cpu, goal: { of: 'ratio', most: 1.05 } },
    ]
  },
}

/** Adds calls until neither can carry more. */
async function findMost(
  servers: Server[],
  { from, size }: { from: number; size: number },
  grow: Grow,
  run: Run,
  report: (line: string) => void,
): Promise<void> {
  const deadline = Date.now() + TIME_LIMIT_MS
  for (let calls = from; calls <= size && Date.now() < deadline; calls += STEP_CALLS) {
    const running = servers.filter(({ failures }) => failures <= TOLERATED_STEPS)
    if (running.length === 0) break
    for (const server of running) {
      await grow(server.name, calls)
      // What connecting has left behind is not what is measured.
      await run(server.name)
      const results = await tryCalls(() => run(server.name))
      const isCarried = results.some(isGood)
      server.failures = isCarried ? 0 : server.failures + 1
      if (isCarried) server.best = calls
      report(describe(server.name, calls, results))
    }
  }
}

type Grow = (target: string, calls: number) => Promise<unknown>
type Run = (target: string) => Promise<LoadResult>

async function tryCalls(run: () => Promise<LoadResult>): Promise<LoadResult[]> {
  const results: LoadResult[] = []
  while (results.length < WINDOWS && !results.some(isGood)) {
    results.push(await run())
    await wait(100)
  }
  return results
}

function isGood({ p99Ms, lost }: LoadResult): boolean {
  return p99Ms < LIMIT_MS && lost === 0
}

/** In turns, so that both meet the same neighbours: microseconds per frame, at a load that both carry easily. */
async function measureCpu(servers: Server[], calls: number, grow: Grow, run: Run) {
  const perFrame = servers.map((server) => ({ server, used: new Array<number>() }))
  for (const { name } of servers) {
    await grow(name, calls)
    for (let warm = 0; warm < 2; warm += 1) await run(name)
  }
  for (let turn = 0; turn < CPU_TURNS; turn += 1) {
    for (const { server, used } of perFrame) {
      const before = readCpuMicroseconds(server.child.pid)
      const { sent } = await run(server.name)
      used.push((readCpuMicroseconds(server.child.pid) - before) / sent)
    }
  }
  return { reference: perFrame[0]?.used ?? [], ours: perFrame[1]?.used ?? [] }
}

function describe(name: string, calls: number, results: LoadResult[]): string {
  const windows = results.map(
    ({ p50Ms, p99Ms, maxMs, lost, utilization }) =>
      [p50Ms.toFixed(2), p99Ms.toFixed(2), maxMs.toFixed(1)].join('/') +
      ` ms${lost > 0 ? `, ${lost} lost` : ''}, load generator ${Math.round(utilization * 100)} %`,
  )
  return `${name.padEnd(8)} ${String(calls).padStart(5)} calls  p50/p99/max ${windows.join('; again ')}`
}

/** As docker-compose.yml starts it. */
const serviceFlags = ['--max-semi-space-size=16', '--initial-old-space-size=256']

function startServer(path: string, flags: string[] = []): ChildProcess {
  const env = {
    PATH: process.env['PATH'],
    SESSION_SECRET: secret,
    ECHO_PORT: '0',
    HEALTH_PORT: '0',
    ECHO_MAX_CALLS: String(MAX_CALLS * 2),
    LOG_LEVEL: 'info',
  }
  return spawnGuarded(process.execPath, [...flags, path], { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

const announcement = z.object({ port: z.number().optional() })

/** Both servers print it in a line of JSON. */
async function readPort({ stdout }: ChildProcess): Promise<number> {
  if (!stdout) throw new Error('The server has no output')
  const lines = createInterface(stdout)
  for await (const line of lines) {
    const { port } = announcement.parse(JSON.parse(line))
    if (port === undefined) continue
    stdout.resume()
    return port
  }
  throw new Error('A server did not start')
}

function createAsk(load: ChildProcess): (request: LoadRequest) => Promise<LoadReply> {
  return async (request) => {
    const answered = new Promise<LoadReply>((resolve) => void load.once('message', resolve))
    load.send(request)
    const reply = await answered
    if (reply.kind === 'failed') throw new Error(reply.reason)
    return reply
  }
}

/** What the main thread has used. Linux only; NaN elsewhere. */
function readCpuMicroseconds(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000
  } catch {
    return NaN
  }
}
