import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { findFreePorts } from '../../scripts/ports.ts'

const root = resolve(import.meta.dirname, '..', '..')

export interface FrontDoor extends AsyncDisposable {
  readonly dataFolder: string
  readonly ports: { ingress: number; echo: number; console: number; simulator: number }
  /** What was printed by now. */
  output(): string
  /** Waits until something was printed. Throws when `npm start` ends before, or after the limit (60 s). */
  printed(text: string, limitMs?: number): Promise<void>
  /** As Ctrl-C in a terminal: to all of the group, npm included. */
  pressCtrlC(): void
  /** The exit code of `npm start`. */
  readonly ended: Promise<number | null>
  /** Every process that it has started and that runs now. */
  processes(): RunningProcess[]
}

export interface RunningProcess {
  pid: number
  commandLine: string
}

export interface FrontDoorOptions {
  env?: Record<string, string>
  /** False: as on a machine that has no Redis. */
  withRedis?: boolean
  dataFolder?: string
  args?: string[]
  /** Runs before npm, which follows it as further arguments. */
  within?: string[]
}

/** `npm start` as people type it, in a process group of its own, with data and ports of its own. Linux only. */
export async function startFrontDoor(options: FrontDoorOptions = {}): Promise<FrontDoor> {
  const scratch = mkdtempSync(join(tmpdir(), 'switchboard-door-'))
  const dataFolder = options.dataFolder ?? join(scratch, 'data')
  const [ingress = 0, echo = 0, console = 0, simulator = 0] = await findFreePorts(4)
  const path = options.withRedis === false ? pathWithoutRedis(scratch) : (process.env['PATH'] ?? '')
  const [command = 'npm', ...args] = [
    ...(options.within ?? []),
    'npm',
    'start',
    ...(options.args ? ['--', ...options.args] : []),
  ]
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: path,
      HOME: process.env['HOME'],
      INGRESS_PORT: String(ingress),
      ECHO_PORT: String(echo),
      CONSOLE_PORT: String(console),
      SIMULATOR_PORT: String(simulator),
      SWITCHBOARD_DATA: dataFolder,
      // Set, and so not taken from an .env of whoever runs the tests.
      ...Object.fromEntries(accountVariables.map((name) => [name, ''])),
      ...options.env,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => void (output += String(data)))
  const ended = new Promise<number | null>((done) => void child.once('close', (code) => done(code)))
  let isRunning = true
  void ended.then(() => (isRunning = false))
  const processes = () => runningProcesses(scratch, dataFolder)
  return {
    dataFolder,
    ports: { ingress, echo, console, simulator },
    output: () => output,
    async printed(text, limitMs = 60_000) {
      for (const deadline = Date.now() + limitMs; !output.includes(text); await delay(20)) {
        if (!isRunning || Date.now() > deadline)
          throw new Error(`npm start did not print "${text}", but: ${output.trim().replaceAll('\n', ' | ')}`)
      }
    },
    pressCtrlC: () => void (child.pid !== undefined && isRunning && process.kill(-child.pid, 'SIGINT')),
    ended,
    processes,
    async [Symbol.asyncDispose]() {
      for (const { pid } of processes()) kill(pid)
      await ended
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}

/** Those that are left after the time that is allowed; none when all goes well. */
export async function leftAfter(limitMs: number, door: FrontDoor): Promise<RunningProcess[]> {
  const deadline = Date.now() + limitMs
  while (door.processes().length > 0 && Date.now() < deadline) await delay(50)
  return door.processes()
}

/** The nearest thing to a machine with Node and npm and nothing else. */
function pathWithoutRedis(scratch: string): string {
  const bin = join(scratch, 'bin')
  mkdirSync(bin)
  for (const tool of ['node', 'npm', 'npx', 'sh', 'ps', 'sleep', 'uname', 'sed', 'env', 'git']) {
    const found = (process.env['PATH'] ?? '').split(delimiter).find((folder) => has(folder, tool))
    if (found !== undefined) symlinkSync(join(found, tool), join(bin, tool))
  }
  return bin
}

function has(folder: string, file: string): boolean {
  try {
    return readdirSync(folder).includes(file)
  } catch {
    return false
  }
}

const accountVariables = ['REDIS_URL', 'VONAGE_API_URL', 'VONAGE_APPLICATION_ID', 'VONAGE_APPLICATION_ID_FILE']

/** All that have the data folder in their environment, or work in it, as Redis does. */
function runningProcesses(scratch: string, dataFolder: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8')
        const folder = readlinkSync(`/proc/${name}/cwd`)
        const isOurs =
          environment.includes(`SWITCHBOARD_DATA=${dataFolder}\0`) ||
          folder.startsWith(dataFolder) ||
          folder.startsWith(scratch)
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return isOurs ? [{ pid: Number(name), commandLine }] : []
      } catch {
        // It has ended meanwhile, or is somebody else's.
        return []
      }
    })
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
