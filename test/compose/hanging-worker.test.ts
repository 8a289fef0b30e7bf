import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, expect, inject, test, vi } from 'vitest'

import { connectSimulator } from '../support/simulator.ts'

/** Three checks of 4 s each, 5 s apart, and the start. */
const SILENT_FOR_MS = 60_000
/** A minute without progress, a check, the time to stop, the start, and the time after which a cut-off job is taken up. */
const STUCK_FOR_MS = 150_000

const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)

afterAll(async () => {
  await compose('rm', '--stop', '--force', 'hanging-worker')
})

test.concurrent(
  'a worker whose process has stopped answering is started again, and goes on with its work',
  async () => {
    const subscriptions = await containerOf('subscriptions')
    const { restarts } = await inspect(subscriptions)
    const phone = connectSimulator(inject('stack').simulator).phone('whatsapp')
    // As an endless loop would: its sockets still take connections, nobody answers them.
    await compose('exec', '-T', 'subscriptions', 'sh', '-c', 'kill -STOP $(cat /proc/1/task/1/children)')
    await phone.sends('MSFT')

    await phone.expects(/MSFT/, { withinMs: SILENT_FOR_MS })
    expect(await inspect(subscriptions)).toMatchObject({ restarts: restarts + 1 })
  },
  SILENT_FOR_MS + 20_000,
)

test.concurrent(
  'a worker whose jobs hang is started again, and finishes them',
  async () => {
    await compose('up', '--detach', '--no-deps', 'hanging-worker')
    const worker = await containerOf('hanging-worker')

    await vi.waitFor(async () => expect((await jobsDone(worker)).toSorted()).toEqual(['one', 'two']), {
      timeout: STUCK_FOR_MS,
      interval: 1_000,
    })
    expect(await inspect(worker)).toMatchObject({ restarts: 1 })
    await vi.waitFor(async () => expect(await inspect(worker)).toMatchObject({ health: 'healthy' }), {
      timeout: 20_000,
      interval: 500,
    })
  },
  STUCK_FOR_MS + 40_000,
)

async function compose(...args: string[]): Promise<string> {
  const files = ['docker-compose.yml', 'docker-compose.override.yml', 'test/compose/hanging-worker.yml']
  const { stdout } = await run('docker', ['compose', ...files.flatMap((file) => ['--file', file]), ...args], {
    cwd: root,
  })
  return stdout
}

async function containerOf(service: string): Promise<string> {
  return (await compose('ps', '--quiet', service)).trim()
}

async function inspect(container: string): Promise<{ restarts: number; health: string }> {
  const format = '{"restarts":{{.RestartCount}},"health":"{{.State.Health.Status}}"}'
  const { stdout } = await run('docker', ['inspect', '--format', format, container])
  return JSON.parse(stdout)
}

async function jobsDone(container: string): Promise<string[]> {
  const { stdout } = await run('docker', ['logs', container])
  return Array.from(stdout.matchAll(/"id":"(?<id>\w+)","msg":"test.done"/g), (match) => match.groups?.['id'] ?? '')
}
