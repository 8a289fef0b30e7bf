import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { expect, test } from 'vitest'

import { findProblems } from './find-problems.ts'
import type { Environment } from './stack-environment.ts'
import { runsWith } from './stack.ts'

const root = resolve(import.meta.dirname, '..')
const freePorts = { INGRESS_PORT: '0', ECHO_PORT: '0', CONSOLE_PORT: '0', SIMULATOR_PORT: '0' }

function problemsWith(env: Environment): Promise<string[]> {
  const all = { ...env, ...freePorts, ...env }
  return findProblems({ env: all, root: '/no/such/folder', dataFolder: '/no/such/data', runs: runsWith(all) })
}

test('a variable that is misspelt in .env is named, with what was meant; one that is nobody’s is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-env-'))
  writeFileSync(join(folder, '.env'), 'VONAGE_APLICATION_ID=a\nMY_OWN=b\nINGRES_PORT=1\n')
  const env = { SWITCHBOARD_CONFIG, ...freePorts }
  const problems = await findProblems({ env, root: folder, dataFolder: '/no/such/data', runs: runsWith(env) })
  rmSync(folder, { recursive: true })
  expect(new Set(problems)).toEqual(
    new Set([
      'VONAGE_APLICATION_ID in .env: nobody reads it. Did you mean VONAGE_APPLICATION_ID?',
      'INGRES_PORT in .env: nobody reads it. Did you mean INGRESS_PORT?',
    ]),
  )
})

test('a secret that cannot be read is said once, though many need it', async () => {
  const problems = await problemsWith({ SWITCHBOARD_CONFIG, SESSION_SECRET_FILE: '/no/such/file' })
  expect(problems).toEqual([expect.stringMatching(/^SESSION_SECRET_FILE: cannot read/)])
})

const SWITCHBOARD_CONFIG = resolve(root, 'switchboard.config.json')

test('nothing set is nothing wrong, in whatever order empty variables come', async () => {
  expect(await problemsWith({ SWITCHBOARD_CONFIG })).toEqual([])
  const empty = { VONAGE_APPLICATION_ID_FILE: '', VONAGE_APPLICATION_ID: '', REDIS_URL: '' }
  expect(await problemsWith({ SWITCHBOARD_CONFIG, ...empty })).toEqual([])
})

test('what every service needs is said once and together, with the Redis that does not answer, without its password', async () => {
  const redis = { REDIS_URL: 'redis://:hidden@127.0.0.1:1' }
  const env = { LOG_LEVEL: 'loud', OUTBOUND_CONCURRENCY: '0', ECHO_PORT: 'x', VONAGE_APPLICATION_ID: 'a', ...redis }
  const problems = await problemsWith({ SWITCHBOARD_CONFIG, ...env })
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'ECHO_PORT',
    'LOG_LEVEL',
    'VONAGE_SIGNATURE_SECRET',
    'VONAGE_PRIVATE_KEY',
    'OUTBOUND_CONCURRENCY',
    'REDIS_URL',
  ])
  expect(problems.at(-1)).toContain('127.0.0.1:1 cannot be used: connect ECONNREFUSED')
  expect(problems.join()).not.toContain('hidden')
})
