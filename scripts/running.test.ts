import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it, onTestFinished, vi } from 'vitest'

import { startNodeProcess } from './managed-process.ts'
import { readRunning, recordRunning } from './running.ts'

it('keeps what was made up and where things are, whoever said so, and nothing else of the shell', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-running-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  // What reads it looks for a process of that name.
  await using start = startNodeProcess({
    name: 'start',
    args: ['-e', 'setInterval(() => {}, 1000)', 'start.ts'],
    env: {},
  })
  vi.stubEnv('INGRESS_PORT', '9123')
  vi.stubEnv('A_SECRET_OF_THE_SHELL', 'x')
  onTestFinished(() => void vi.unstubAllEnvs())
  const pid = vi.spyOn(process, 'pid', 'get').mockReturnValue(start.pid ?? 0)
  onTestFinished(() => pid.mockRestore())

  const environment = { ...process.env, API_TOKENS: 'made-up-at-the-start' }
  const recorded = recordRunning(folder, environment)
  const read = readRunning(folder)
  expect(read).toMatchObject({ INGRESS_PORT: '9123', API_TOKENS: 'made-up-at-the-start' })
  expect(read).not.toHaveProperty('A_SECRET_OF_THE_SHELL')
  recorded[Symbol.dispose]()
  expect(readRunning(folder)).toBeUndefined()
})
