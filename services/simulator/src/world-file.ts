import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import { z } from 'zod'

import { loadScenario, scenarioOf, scenarioSchema } from './scenarios.ts'
import type { World } from './world.ts'

const fileSchema = z.object({ savedAt: z.iso.datetime(), world: scenarioSchema })

const HOUR_MS = 3_600_000
const WRITE_EVERY_MS = 2_000

/**
 * Takes up phones, threads and windows where the file left them, and keeps it fresh from now on. Settings, faults and
 * the clock begin anew: they come from whoever starts the simulator. Throws when the file is not one of ours.
 */
export function keepWorld(path: string, world: World): Disposable {
  if (existsSync(path)) restore(path, world)
  let timer: NodeJS.Timeout | undefined
  const write = () => {
    clearTimeout(timer)
    timer = undefined
    const { people, switches, messages, windows, optOuts } = scenarioOf(world)
    const kept = { savedAt: new Date().toISOString(), world: { people, switches, messages, windows, optOuts } }
    writeAside(path, JSON.stringify(kept))
  }
  world.onChange(() => {
    timer ??= setTimeout(write, WRITE_EVERY_MS).unref()
  })
  return { [Symbol.dispose]: write }
}

function restore(path: string, world: World): void {
  const { savedAt, world: saved } = readFile(path)
  const awayHours = Math.max(0, Date.now() - Date.parse(savedAt)) / HOUR_MS
  // The example people have just written at every start.
  const windows = saved.windows
    .filter(({ channel, address, sender }) => world.messages.lastHeard(channel, address, sender) === null)
    .map((window) => ({ ...window, hoursAgo: window.hoursAgo + awayHours }))
  loadScenario({ ...saved, windows }, world)
  world.carrier.resume(saved.messages)
}

function readFile(path: string) {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new Error(`${path} cannot be read: remove it to begin anew`, { cause: error })
  }
}

/** Written aside and renamed: whoever dies in between leaves the old one. */
function writeAside(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(aside, text, { mode: 0o600 })
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}
