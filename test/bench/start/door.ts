import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

import { builtFile } from '@switchboard/bundle'

import { ProcessEndedError, startNodeProcess } from '../../../scripts/managed-process.ts'
import type { ManagedProcess } from '../../../scripts/managed-process.ts'

const root = resolve(import.meta.dirname, '../../..')
const anyPort = { INGRESS_PORT: '0', ECHO_PORT: '0', CONSOLE_PORT: '0', SIMULATOR_PORT: '0' }

/** What `npm start` runs, without npm; resolves once it says that all services are ready. */
export async function startDoor(env: NodeJS.ProcessEnv, dataFolder: string): Promise<ManagedProcess> {
  const { PATH, NODE_COMPILE_CACHE } = env
  const { promise: up, resolve: isUp } = Promise.withResolvers<undefined>()
  const door = startNodeProcess({
    name: 'start',
    args: [builtFile('start')],
    cwd: root,
    env: { PATH, NODE_COMPILE_CACHE, ...withoutOwn(join(root, '.env')), ...anyPort, SWITCHBOARD_DATA: dataFolder },
    onLine: (line) => line.startsWith('Ctrl-C') && isUp(undefined),
  })
  const end = await Promise.race([up, door.ended])
  if (end) throw new ProcessEndedError(end)
  return door
}

/** Nobody's account, and nobody's Redis: what is set, if to nothing, is not taken from that file. */
function withoutOwn(file: string): Record<string, string> {
  if (!existsSync(file)) return {}
  return Object.fromEntries(Object.keys(parseEnv(readFileSync(file, 'utf8'))).map((name) => [name, '']))
}

/** The processes of the services that a start has begun, by name. Linux only; none elsewhere. */
export function servicesOf(start: number | undefined): Record<string, number> {
  if (process.platform !== 'linux') return {}
  const children = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const service = serviceStartedBy(start, name)
    return service === undefined ? [] : [[service, Number(name)]]
  })
  return Object.fromEntries(children)
}

function serviceStartedBy(start: number | undefined, pid: string): string | undefined {
  try {
    const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
    if (parent !== start) return undefined
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    // Not the shell that waits for its parent's end.
    return commandLine.startsWith(process.execPath) ? /\/build\/([\w-]+)\.mjs\0/.exec(commandLine)?.[1] : undefined
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}
