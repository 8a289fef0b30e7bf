import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { ProcessEndedError } from './managed-process.ts'
import { isStartRunning } from './running.ts'
import { readSecret, writeWhole } from './secrets.ts'
import { wantsSimulator } from './stack-environment.ts'
import type { Environment } from './stack-environment.ts'

/**
 * Makes the folder, for nobody else to read, and keeps it for this process: two of us in one would share one Redis data
 * folder. Throws when it cannot be written to, or is in use.
 */
export function lockDataFolder(folder: string): Disposable {
  const path = join(folder, 'start.pid')
  const other = existsSync(path) ? Number(readFileSync(path, 'utf8')) : undefined
  if (other !== undefined && isStartRunning(other)) {
    throw new Error(`Switchboard already runs from ${folder}, as process ${other}. Stop that one first.`)
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // An older one may be open to all.
    chmodSync(folder, 0o700)
    writeWhole(path, String(process.pid))
  } catch (error) {
    throw new Error(describeWriteFailure(folder, error) ?? `Cannot write to ${folder}: ${String(error)}`, {
      cause: error,
    })
  }
  return { [Symbol.dispose]: () => rmSync(path, { force: true }) }
}

const whatHelps: Record<string, string> = {
  ENOSPC: 'The disk is full: make room',
  EDQUOT: 'Your quota is used up: make room',
  EACCES: 'You may not write there: make it yours',
  EPERM: 'It belongs to somebody else: make it yours',
  EROFS: 'It cannot be written to at all',
  ENOTDIR: 'A part of its path is a file',
}

/** That the folder cannot be written to, why, and what to do; undefined when the error is about something else. */
export function describeWriteFailure(folder: string, error: unknown): string | undefined {
  const help = whatHelps[codeOf(error) ?? '']
  return help && `Cannot write to ${folder}. ${help}, or choose another folder with SWITCHBOARD_DATA=…`
}

/** Ours, or the one that a process has died of. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof ProcessEndedError) return /\b(ENOSPC|EDQUOT|EROFS)\b/.exec(error.end.lastLines.join('\n'))?.[1]
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/**
 * Where the private Redis of this Vonage application keeps its data: what was tried out with the simulator is never sent
 * from a real account. Data from before there was a folder for each goes to the simulator if there has been one.
 */
export function redisFolder(dataFolder: string, env: Environment): string {
  const folder = join(dataFolder, 'redis')
  const mine = join(
    folder,
    wantsSimulator(env) ? 'simulator' : (applicationId(env) || 'unnamed').replaceAll(/[^\w.-]/g, '_'),
  )
  const older = join(folder, 'appendonlydir')
  if (existsSync(older)) {
    const heir = existsSync(join(dataFolder, 'simulator')) ? join(folder, 'simulator') : mine
    const moved = join(heir, 'appendonlydir')
    mkdirSync(heir, { recursive: true, mode: 0o700 })
    if (!existsSync(moved) || readdirSync(moved).length === 0) renameSync(older, moved)
  }
  return mine
}

/** That of the account, else the simulator's own; empty until it has one. */
export function applicationId(env: Environment, dataFolder?: string): string {
  const file = env['VONAGE_APPLICATION_ID_FILE']
  if (env['VONAGE_APPLICATION_ID']) return env['VONAGE_APPLICATION_ID']
  if (file) return readSecret(file)
  const made = dataFolder && join(dataFolder, 'simulator', 'application-id')
  return made && existsSync(made) ? readSecret(made) : ''
}
