import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

import { spawnGuarded } from './guarded-spawn.mjs'

/** A little longer than the 25 s that a service gives itself. */
const STOP_LIMIT_MS = 28_000
const READY_LIMIT_MS = 60_000
const PROBE_EVERY_MS = 50
const KEPT_LINES = 20

export interface ProcessOptions {
  name: string
  command: string
  args: string[]
  env: NodeJS.ProcessEnv
  cwd?: string
  onLine?: ((line: string) => void) | undefined
}

export interface ProcessEnd {
  name: string
  /** `exit code 1`, `signal SIGKILL`, or why it could not be started. */
  reason: string
  lastLines: string[]
}

export interface ManagedProcess extends AsyncDisposable {
  readonly name: string
  readonly pid: number | undefined
  /** Resolves when the process is gone, whether asked to or not. */
  readonly ended: Promise<ProcessEnd>
  kill(signal: NodeJS.Signals): void
  /** Asks with SIGTERM; after the limit (28 s) it is killed. Disposing does the same. */
  stop(limitMs?: number): Promise<void>
}

export function startNodeProcess(options: Omit<ProcessOptions, 'command'>): ManagedProcess {
  return startProcess({ ...options, command: process.execPath })
}

/**
 * Starts a process in a group of its own: Ctrl-C in the terminal reaches only its parent, which decides the order of
 * stopping. When the parent is killed it ends, too.
 */
export function startProcess(options: ProcessOptions): ManagedProcess {
  const child = spawnGuarded(options.command, options.args, {
    env: options.env,
    cwd: options.cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lastLines: string[] = []
  const keep = (line: string) => {
    lastLines.push(line)
    if (lastLines.length > KEPT_LINES) lastLines.shift()
    options.onLine?.(line)
  }
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface({ input: output }).on('line', keep)
  }
  const ended = waitForEnd(child).then((reason): ProcessEnd => ({ name: options.name, reason, lastLines }))
  const stop = async (limitMs = STOP_LIMIT_MS) => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
    await ended
    clearTimeout(timer)
  }
  return {
    name: options.name,
    pid: child.pid,
    ended,
    kill: (signal) => void child.kill(signal),
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}

function waitForEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    // `close` and not `exit`: the last lines have been read.
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`))
  })
}

/**
 * Asks `probe` until it has no problem to report. Throws when the process ends before that, when the signal is aborted,
 * or after a minute.
 */
export async function untilReady(
  started: Pick<ManagedProcess, 'name' | 'ended'>,
  probe: () => Promise<string | undefined>,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS
  for (;;) {
    signal?.throwIfAborted()
    const problem = await probe()
    if (problem === undefined) return
    if (Date.now() > deadline) {
      throw new Error(`${started.name} was not ready within ${READY_LIMIT_MS / 1_000} s: ${problem}`)
    }
    const end = await Promise.race([started.ended, delay(PROBE_EVERY_MS, undefined)])
    if (end) throw new ProcessEndedError(end)
  }
}

export class ProcessEndedError extends Error {
  override name = 'ProcessEndedError'
  readonly end: ProcessEnd

  constructor(end: ProcessEnd) {
    super(`${end.name} ended unexpectedly with ${end.reason}`, { cause: end.lastLines.join('\n') })
    this.end = end
  }
}
