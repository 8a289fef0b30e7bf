import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { redisUsers } from '../../scripts/redis-users.ts'
import { leftAfter, startFrontDoor } from '../support/front-door.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { serviceEnvironment, signing, startService } from '../support/service.ts'

const others = 'ffffffff-bbbb-4ccc-8ddd-0123456789ab'

const cleanup = new AsyncDisposableStack()
let redis: TestRedis
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-owner-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  redis = cleanup.use(await openTestRedis())
  const feeds = { MSFT: { source: 'simulated', everySeconds: 1, start: 1 } }
  env = {
    ...serviceEnvironment({ redisUrl: redis.url, folder, config: { feeds } }),
    CONSOLE_PASSWORD: 'test-password',
    INGRESS_PORT: '0',
    CONSOLE_PORT: '0',
  }
})
afterAll(() => cleanup.disposeAsync())

test('no service starts on what belongs to another application, and each says the way out', async () => {
  await redis.flush()
  await redis.client.set('sb:application', others)
  const before = await redis.client.keys('*')
  await Promise.all(
    redisUsers.map(async (service) => {
      const lines: string[] = []
      await expect(
        startService(service, env, (line) => lines.push(line)),
        service,
      ).rejects.toThrow('exit code 1')
      const said = lines.filter((line) => line.includes('redis.foreign-data')).join('\n')
      expect(said, service).toContain(`holds the data of the Vonage application ${others}`)
      expect(said, service).toContain('Use another Redis or another of its databases (REDIS_URL=redis://…/1)')
      expect(said, service).toContain(`redis-cli SET sb:application ${signing.applicationId}`)
    }),
  )
  expect(await redis.client.get('sb:application')).toBe(others)
  const written = (await redis.client.keys('*')).filter((key) => !before.includes(key))
  // Readiness is measured beside it.
  expect(written.filter((key) => key !== 'sb:write-check')).toEqual([])
})

test('what is nobody’s belongs to the first; while an id is replaced, both are ours', async () => {
  await redis.flush()
  const first = await startService('notifications', env)
  await first.stop()
  expect(await redis.client.get('sb:application')).toBe(signing.applicationId)
  const next = await startService('ingress', { ...env, VONAGE_APPLICATION_ID: `${others}, ${signing.applicationId}` })
  await next.stop()
  expect(await redis.client.get('sb:application')).toBe(signing.applicationId)
})

test.for([
  ['a simulator', {}, 'we are a new simulator'],
  [
    'an account',
    { VONAGE_APPLICATION_ID: 'aaaa', VONAGE_PRIVATE_KEY: 'PRIVATE KEY' },
    'redis-cli SET sb:application aaaa',
  ],
] as const)('npm start of %s says so before it starts anything', async ([, account, expected], { skip }) => {
  skip(process.platform !== 'linux', 'looks for processes in /proc')
  await redis.flush()
  await redis.client.set('sb:application', others)
  const secrets = { VONAGE_SIGNATURE_SECRET: 'signature-secret' }
  await using door = await startFrontDoor({ env: { REDIS_URL: redis.url, ...secrets, ...account } })
  expect(await door.ended).toBe(1)
  expect(door.output()).toContain(`holds the data of the Vonage application ${others}`)
  expect(door.output()).toContain(expected)
  expect(door.output()).not.toContain('Starting')
  expect(await leftAfter(1_000, door)).toEqual([])
})
