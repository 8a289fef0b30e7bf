import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { z } from 'zod'

import { isRunning } from './redis.ts'

const record = z.object({ pid: z.number(), environment: z.record(z.string(), z.string()) })

/** Where things are: a command in another shell does not have it from its own environment. */
const ADDRESS = /_(PORT|URL)$/

/**
 * Writes down what `npm start` has made up for its services, such as the address of the private Redis, and where it was
 * told to listen, for commands of the same folder. Disposing takes it away.
 */
export function recordRunning(dataFolder: string, environment: Record<string, string | undefined>): Disposable {
  const made = Object.entries(environment).filter(
    ([name, value]) => value !== undefined && (ADDRESS.test(name) || value !== process.env[name]),
  )
  mkdirSync(dataFolder, { recursive: true })
  const text = JSON.stringify({ pid: process.pid, environment: Object.fromEntries(made) })
  writeFileSync(pathIn(dataFolder), text, { mode: 0o600 })
  return { [Symbol.dispose]: () => rmSync(pathIn(dataFolder), { force: true }) }
}

/** Undefined when no `npm start` runs in this folder. */
export function readRunning(dataFolder: string): Record<string, string> | undefined {
  try {
    const { pid, environment } = record.parse(JSON.parse(readFileSync(pathIn(dataFolder), 'utf8')))
    return isStartRunning(pid) ? environment : undefined
  } catch {
    return undefined
  }
}

/** Whether this process is a start, from its bundle or from its source. */
export function isStartRunning(pid: number): boolean {
  return isRunning(pid, /\bstart\.(?:mjs|ts)\b/)
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'running.json')
}
