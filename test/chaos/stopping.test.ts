import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { builtFile } from '@switchboard/bundle'
import type { ServiceName } from '@switchboard/contracts'
import { outboundQueues } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { createLedger } from '@switchboard/store'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'

import { startNodeProcess } from '../../scripts/managed-process.ts'
import type { ManagedProcess } from '../../scripts/managed-process.ts'
import { findFreePort } from '../../scripts/ports.ts'
import { startRecordingVonage } from '../support/recording-vonage.ts'
import { startPrivateRedis } from '../support/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'

/** One of each kind: a sender, a scheduler, one with a loop of its own, those that answer HTTP. */
const services = ['outbound', 'feeds', 'failover', 'ingress', 'console'] as const satisfies ServiceName[]

const config = {
  senders: { sms: '447700900000' },
  feeds: { NEWS: { source: 'push', everySeconds: 300 }, WEATHER: { source: 'push', everySeconds: 300 } },
}

/** A folder with the configuration that all services of a test share. */
async function openSetting(redisUrl: string, vonageUrl?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-stopping-'))
  const env = {
    ...serviceEnvironment({ redisUrl, folder, config, ...(vonageUrl === undefined ? {} : { vonageUrl }) }),
    CONSOLE_PASSWORD: 'a-password-of-the-tests',
    API_TOKENS: 'an-api-token-of-the-tests',
    INGRESS_PORT: String(await findFreePort()),
    CONSOLE_PORT: String(await findFreePort()),
  }
  return { env, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Sends SIGTERM and says how long the process takes to end; it is killed after 15 s. */
async function stopAndTime(running: ManagedProcess): Promise<number> {
  const from = performance.now()
  running.kill('SIGTERM')
  const timer = setTimeout(() => running.kill('SIGKILL'), 15_000)
  await running.ended
  clearTimeout(timer)
  return performance.now() - from
}

function expectSoon(took: number[]): void {
  const said = services.map((name, index) => `${name} ${Math.round(took[index] ?? 0)} ms`).join(', ')
  console.log(`stopped after: ${said}`)
  expect(Math.max(...took), said).toBeLessThan(5_000)
}

/** Starts a service without waiting for it to be ready, only for its first line of log. */
async function begin(name: ServiceName, env: NodeJS.ProcessEnv): Promise<ManagedProcess> {
  const spoke = Promise.withResolvers<void>()
  const full = { ...env, LOG_LEVEL: 'info', HEALTH_PORT: '0' }
  const started = startNodeProcess({ name, args: [builtFile(name)], env: full, onLine: () => spoke.resolve() })
  await Promise.race([spoke.promise, started.ended])
  return started
}

test('a service stops within 5 s while it waits for a Redis that is not there', async () => {
  using setting = await openSetting(`redis://127.0.0.1:${await findFreePort()}`)
  const running = await Promise.all(services.map((name) => begin(name, setting.env)))
  const took = await Promise.all(running.map(stopAndTime))
  expectSoon(took)
})

test('a service stops within 5 s in its start-up, when Redis accepts and says nothing', async () => {
  await using silent = await listenSilently()
  using setting = await openSetting(`redis://127.0.0.1:${silent.port}`)
  const running = await Promise.all(services.map((name) => begin(name, { ...setting.env, LOG_LEVEL: 'info' })))
  const took = await Promise.all(running.map(stopAndTime))
  expectSoon(took)
})

test('a service stops within 5 s when its Redis has gone', async (context) => {
  await using redis = await startPrivateRedis(context)
  using setting = await openSetting(redis.url)
  const running = await Promise.all(services.map((name) => startService(name, setting.env)))
  await redis.kill()
  const took = await Promise.all(running.map(stopAndTime))
  expectSoon(took)
})

test('with Redis there, a job that runs is waited for', async (context) => {
  await using redis = await startPrivateRedis(context)
  await using vonage = await startRecordingVonage({ answersAfterMs: 6_000 })
  using setting = await openSetting(redis.url, vonage.url)
  await using client = closing(new Redis(redis.url))
  const outbound = await startService('outbound', setting.env)
  await using producer = createProducer(outboundQueues.sms, client.redis)
  await producer.enqueue({
    id: 'm-1',
    channel: 'sms',
    from: '447700900000',
    to: '447700900010',
    text: 'a',
    purpose: 'reply',
    createdAt: Date.now(),
  })
  await vi.waitFor(() => expect(vonage.accepted.size).toBe(1), { timeout: 10_000 })
  const took = await stopAndTime(outbound)
  expect(took).toBeGreaterThan(4_000)
  expect(await createLedger(client.redis).get('m-1')).toMatchObject({ state: 'accepted' })
})

function closing(redis: Redis) {
  return { redis, [Symbol.asyncDispose]: async () => redis.disconnect() }
}

async function listenSilently() {
  const server = createServer(() => undefined)
  const port = await findFreePort()
  await new Promise<void>((done) => void server.listen(port, '127.0.0.1', done))
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close()
    },
  }
}
