import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import { findFreePort } from '../../scripts/ports.ts'
import { runScript } from '../support/command-line.ts'
import { eventually } from '../support/eventually.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'

const cleanup = new AsyncDisposableStack()
const vonage = createServer((_request, response) => response.writeHead(404).end())
const report = z.object({
  ok: z.boolean(),
  findings: z.array(z.object({ about: z.string(), level: z.string(), says: z.string(), todo: z.string().optional() })),
})
let redis: TestRedis
let env: NodeJS.ProcessEnv

/** One ingress, and where the doctor finds everything it needs. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-doctor-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  redis = cleanup.use(await openTestRedis())
  await new Promise<void>((listening) => void vonage.listen(0, '127.0.0.1', listening))
  cleanup.defer(() => new Promise<void>((closed) => void vonage.close(() => closed())))
  const port = await findFreePort()
  env = {
    ...serviceEnvironment({
      redisUrl: redis.url,
      folder,
      config: { senders: { sms: '447700900000' } },
      vonageUrl: `http://127.0.0.1:${(vonage.address() as AddressInfo).port}`,
    }),
    SWITCHBOARD_DATA: folder,
    INGRESS_PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    SESSION_SECRET: 'session-secret-of-the-tests-0123456789',
    CONSOLE_PASSWORD: 'test-password',
    API_TOKENS: 'token-of-the-tests',
  }
  cleanup.use(await startService('ingress', env))
}, 60_000)
afterAll(() => cleanup.disposeAsync())

/** What the doctor says, as `about: level`. */
async function doctor(changes: NodeJS.ProcessEnv = {}) {
  const { exitCode, stdout, stderr } = await runScript(['doctor', '--json'], { ...env, ...changes })
  expect(stderr).toBe('')
  const { ok, findings } = report.parse(JSON.parse(stdout))
  expect(exitCode).toBe(ok ? 0 : 1)
  return { ok, findings, levels: Object.fromEntries(findings.map(({ about, level }) => [about, level])) }
}

it('sees that a signed webhook comes back from the address that Vonage is given, and leaves nothing behind', async () => {
  const before = await eventually(async () => {
    const keys = await redis.client.keys('*')
    // What ingress says of itself after its start.
    expect(keys).toEqual(expect.arrayContaining(['sb:environment-tokens', 'sb:processes']))
    return keys
  })
  const { levels, findings } = await doctor()
  expect(levels).toMatchObject({
    Configuration: 'ok',
    'Redis version': 'ok',
    "Clock and Redis's": 'ok',
    Vonage: 'ok',
    "Clock and Vonage's": 'ok',
    'Vonage private key': 'ok',
    Webhooks: 'ok',
    'Sender sms': 'ok',
    API: 'ok',
    // VONAGE_API_URL is set: taken for a real account, which cannot reach 127.0.0.1.
    PUBLIC_URL: 'failure',
  })
  for (const { level, todo } of findings) expect(todo === undefined).toBe(level === 'ok')
  // When its token was used last is what `tokens list` says.
  const after = (await redis.client.keys('*')).filter((key) => key !== 'sb:api-tokens')
  expect(after.toSorted()).toEqual(before.toSorted())
})

it('says what is wrong, all of it at once, each with what to do', async () => {
  const nobody = `127.0.0.1:${await findFreePort()}`
  const { ok, levels, findings } = await doctor({
    REDIS_URL: `redis://${nobody}`,
    VONAGE_API_URL: `http://${nobody}`,
    VONAGE_SIGNATURE_SECRET: 'another secret',
    CONSOLE_PASSWORD: 'short',
    OUTBOUND_CONCURRENCY: 'many',
    API_TOKENS: 'another-token',
  })
  expect(ok).toBe(false)
  expect(levels).toMatchObject({ Redis: 'failure', Vonage: 'failure', Webhooks: 'failure', API: 'failure' })
  const said = findings.map(({ about, says }) => `${about}: ${says}`).join('\n')
  expect(said).toContain(`Redis: ${nobody} does not answer (connect ECONNREFUSED`)
  expect(said).toContain('Webhooks: ingress refuses one that is signed as configured')
  expect(said).toContain('Configuration: CONSOLE_PASSWORD: must have at least 8 characters')
  expect(said).toContain('Configuration: OUTBOUND_CONCURRENCY: ')
})

it('in words: a mark, a sentence and the way out', async () => {
  const { exitCode, stdout } = await runScript(['doctor'], { ...env, VONAGE_SIGNATURE_SECRET: '' })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^✗ Configuration +VONAGE_SIGNATURE_SECRET: is required\n +→ No service starts/m)
  expect(stdout).toMatch(/\d failures?(, \d+ warnings?)?\.\n$/)
})

it('where nothing runs, says so first and looks at the configuration alone', async () => {
  const { PATH, SWITCHBOARD_DATA } = env
  const { exitCode, stdout } = await runScript(['doctor', '--url', 'http://127.0.0.1:9'], { PATH, SWITCHBOARD_DATA })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^✗ Switchboard +does not run in this folder.*\n +→ Start it: npm start/)
  expect(stdout).toMatch(/^✓ Configuration /m)
})
