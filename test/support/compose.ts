import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cwd = join(import.meta.dirname, '..', '..')

/** The output of `docker compose <args>` in the project that runs. */
export async function compose(...args: string[]): Promise<string> {
  const { stdout } = await run('docker', ['compose', ...args], { cwd, maxBuffer: 64 * 1_024 * 1_024 })
  return stdout
}

/** What a command says inside of a service's container. */
export async function inside(service: string, ...command: string[]): Promise<string> {
  return compose('exec', '-T', service, ...command)
}

/** What Redis answers to one that may do everything. */
export async function redis(command: string): Promise<string> {
  return inside('redis', 'sh', '-c', `REDISCLI_AUTH="$(cat /secrets/admin-password)" redis-cli --user admin ${command}`)
}
