import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, expect, test, vi } from 'vitest'
import { z } from 'zod'

/** A minute without progress, a check, the time to stop, the start, and the time after which a cut-off job is taken up. */
const RECOVERY_MS = 150_000

const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)
const inspected = z.object({ restarts: z.number(), health: z.string() })

afterAll(async () => {
  await compose('rm', '--stop', '--force', 'stuck-worker', 'silent-worker')
})

test.concurrent.each([
  ['whose jobs hang', 'stuck-worker'],
  ['that no longer answers at all', 'silent-worker'],
])(
  'a worker %s is started again, and finishes them',
  async (_, service) => {
    await compose('up', '--detach', '--no-deps', service)
    const container = (await compose('ps', '--quiet', service)).trim()

    await vi.waitFor(async () => expect((await jobsDone(container)).toSorted()).toEqual(['one', 'two']), {
      timeout: RECOVERY_MS,
      interval: 1_000,
    })
    await vi.waitFor(async () => expect(await inspect(container)).toEqual({ restarts: 1, health: 'healthy' }), {
      timeout: 20_000,
      interval: 500,
    })
  },
  RECOVERY_MS + 40_000,
)

async function compose(...args: string[]): Promise<string> {
  const files = ['docker-compose.yml', 'docker-compose.override.yml', 'test/compose/hanging-workers.yml']
  const { stdout } = await run('docker', ['compose', ...files.flatMap((file) => ['--file', file]), ...args], {
    cwd: root,
  })
  return stdout
}

async function inspect(container: string): Promise<z.infer<typeof inspected>> {
  const format = '{"restarts":{{.RestartCount}},"health":"{{.State.Health.Status}}"}'
  const { stdout } = await run('docker', ['inspect', '--format', format, container])
  return inspected.parse(JSON.parse(stdout))
}

async function jobsDone(container: string): Promise<string[]> {
  const { stdout } = await run('docker', ['logs', container])
  return Array.from(stdout.matchAll(/"id":"(?<id>\w+)","msg":"test.done"/g), (match) => match.groups?.['id'] ?? '')
}
