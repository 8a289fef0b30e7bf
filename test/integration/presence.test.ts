import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { readPresence } from '@switchboard/runtime'
import { expect, test } from 'vitest'

import { findFreePort } from '../../scripts/ports.ts'
import { eventually } from '../support/eventually.ts'
import { openTestRedis } from '../support/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'

test('a process says that it is there, and that it goes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-presence-'))
  await using redis = await openTestRedis()
  const service = await startService('notifications', serviceEnvironment({ redisUrl: redis.url, folder, config: {} }))
  await eventually(async () => {
    const [presence, ...others] = await readPresence(redis.client)
    expect(presence).toMatchObject({ service: 'notifications', version: '0.1.0' })
    expect(Math.abs((presence?.seenAt ?? 0) - Date.now())).toBeLessThan(60_000)
    expect(others).toEqual([])
  })
  // It leaves by itself; a day after the last process, so does what is kept of them.
  await eventually(async () => expect(await redis.client.pttl('sb:processes')).toBeGreaterThan(0))
  await service.stop()
  expect(await readPresence(redis.client)).toEqual([])
  rmSync(folder, { recursive: true, force: true })
})

test('each process of an echo says to ingress that it is there, as it has no Redis', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-presence-'))
  await using redis = await openTestRedis()
  const port = await findFreePort()
  const { REDIS_URL, ...shared } = serviceEnvironment({ redisUrl: redis.url, folder, config: {} })
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const ingress = await startService('ingress', { ...shared, REDIS_URL, INGRESS_PORT: String(port) })
  cleanup.defer(() => ingress.stop())
  const own = { ECHO_PORT: '0', ECHO_PROCESSES: '2', INGRESS_URL: `http://127.0.0.1:${port}` }
  const echo = await startService('echo', { ...shared, ...own })
  cleanup.defer(() => echo.stop())
  await eventually(async () => {
    const echoes = (await readPresence(redis.client)).filter(({ service }) => service === 'echo')
    expect(new Set(echoes.map(({ name }) => name)).size).toBe(2)
  })
})
