import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { outboundQueues } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { findFreePort } from '../../scripts/ports.ts'
import { findRedisServer, startRedisServer } from '../../scripts/redis.ts'
import { startRecordingVonage } from '../support/recording-vonage.ts'
import type { RecordingVonage } from '../support/recording-vonage.ts'
import { serviceEnvironment, startService } from '../support/service.ts'
import { signAsVonage } from '../support/sign-webhook.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

/** The promise: how long after Redis is back everything works again. */
const BACK_MS = 10_000
/** Longer ones by hand: `AWAY_SECONDS=180 npm test -- --project chaos test/chaos/redis-connection.test.ts`. */
const AWAY_SECONDS = Number(process.env['AWAY_SECONDS'] ?? 24)

const binary = findRedisServer()
const stack = new AsyncDisposableStack()

async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-redis-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  // Those that take over from each other share a password.
  const passwords = 'requirepass ofthetests\nmasterauth ofthetests\n'
  // In microseconds: a restart takes seconds to read what a large one would.
  writeFileSync(join(folder, 'redis.conf'), `${passwords}key-load-delay 200\n`)
  const options = { binary: binary ?? '', folder, port: await findFreePort() }
  const started = await startRedisServer(options)
  let current = started
  async function kill(): Promise<void> {
    current.process?.kill('SIGKILL')
    await current.process?.ended
  }
  // A replica takes half a minute to end in order.
  stack.defer(kill)
  const client = new Redis(started.url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  stack.defer(() => client.disconnect())
  return {
    url: started.url,
    port: options.port,
    client,
    pause: () => current.process?.kill('SIGSTOP'),
    goOn: () => current.process?.kill('SIGCONT'),
    kill,
    async start() {
      current = await startRedisServer(options)
    },
  }
}

/** A sender, ingress and the console, all of whose connections to Redis go through a proxy. */
async function startWorld() {
  const redis = await startServer()
  const proxy = stack.use(await startTcpProxy(redis.port))
  const vonage = stack.use(await startRecordingVonage())
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-connection-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const config = { senders: { sms: '447700900000' } }
  const url = new URL(redis.url)
  url.port = String(proxy.port)
  const ingressPort = await findFreePort()
  const env = {
    ...serviceEnvironment({ redisUrl: url.href, folder, config, vonageUrl: vonage.url }),
    INGRESS_PORT: String(ingressPort),
    CONSOLE_PORT: String(await findFreePort()),
    CONSOLE_PASSWORD: 'a-password-of-the-tests',
  }
  const health = { outbound: 0, ingress: 0, console: 0 }
  const started = Object.keys(health)
  await Promise.all(
    (['outbound', 'ingress', 'console'] as const).map(async (name) => {
      health[name] = await findFreePort()
      const running = stack.use(
        await startService(
          name,
          env,
          process.env['VERBOSE'] ? (line) => console.log(name, line) : undefined,
          health[name],
        ),
      )
      void running.ended.then(() => started.splice(started.indexOf(name), 1))
    }),
  )
  return { redis, proxy, vonage, ingressPort, health, started }
}

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  if (binary) world = await startWorld()
})
afterAll(() => stack.disposeAsync())

let count = 0
const nextId = () => `id-${(count += 1)}`

async function postInbound(): Promise<number> {
  const body = JSON.stringify({ message_uuid: nextId(), channel: 'sms', from: '447700900010', to: '4477', text: 'a' })
  const headers = { authorization: signAsVonage(body), 'content-type': 'application/json' }
  const url = `http://127.0.0.1:${world.ingressPort}/webhooks/inbound`
  return (await fetch(url, { method: 'POST', headers, body })).status
}

async function expectSent(client: Redis, vonage: RecordingVonage, withinMs: number): Promise<void> {
  await using producer = createProducer(outboundQueues.sms, client)
  const id = nextId()
  await producer.enqueue({ id, channel: 'sms', to: '447700900010', text: 'a', purpose: 'alert', createdAt: Date.now() })
  await vi.waitFor(() => expect(vonage.accepted.has(id), 'not sent').toBe(true), { timeout: withinMs, interval: 50 })
}

const ask = async (service: keyof typeof world.health, path: string) =>
  (await fetch(`http://127.0.0.1:${world.health[service]}${path}`)).status

/** Everything works, within ten seconds of this moment: a webhook is taken, a message sent, all are ready, none has died. */
async function expectBack(what: string, client = world.redis.client): Promise<void> {
  const from = performance.now()
  const since = () => Math.round(performance.now() - from)
  const took = { ingress: 0, outbound: 0, ready: 0 }
  await Promise.all([
    vi
      .waitFor(async () => expect(await postInbound()).toBe(200), { timeout: BACK_MS, interval: 100 })
      .then(() => void (took.ingress = since())),
    expectSent(client, world.vonage, BACK_MS).then(() => void (took.outbound = since())),
    vi
      .waitFor(
        async () => {
          for (const service of ['outbound', 'ingress', 'console'] as const)
            expect(await ask(service, '/readyz')).toBe(200)
        },
        { timeout: BACK_MS, interval: 100 },
      )
      .then(() => void (took.ready = since())),
  ])
  console.log(`${what}, back after: ${JSON.stringify(took)} ms`)
  expect(world.started).toHaveLength(3)
}

async function expectAlive(): Promise<void> {
  for (const service of ['outbound', 'ingress', 'console'] as const) {
    expect(await ask(service, '/livez')).toBe(200)
    expect(await ask(service, '/metrics')).toBe(200)
  }
}

test.skipIf(!binary)('a failover with connections kept: READONLY', async () => {
  const other = await startServer()
  await other.client.replicaof('127.0.0.1', world.redis.port)
  await vi.waitFor(async () => expect(await other.client.info('replication')).toContain('master_link_status:up'), {
    timeout: 10_000,
  })
  world.proxy.target = other.port
  await other.client.replicaof('NO', 'ONE')
  await world.redis.client.replicaof('127.0.0.1', other.port)
  await expectBack('after a failover', other.client)
  await world.redis.client.replicaof('NO', 'ONE')
  world.proxy.target = world.redis.port
  await other.client.replicaof('127.0.0.1', world.redis.port)
  await expectBack('after another failover')
})

test.skipIf(!binary)('packets that are dropped without a word', async () => {
  world.proxy.silence()
  await expectBack('after silence')
})

test.skipIf(!binary)('a Redis that stands still for a while', async () => {
  world.redis.pause()
  await wait(7_000)
  await expectAlive()
  expect(await ask('outbound', '/readyz')).toBe(503)
  expect(await ask('console', '/readyz')).toBe(503)
  world.redis.goOn()
  await expectBack('after standing still')
})

test.skipIf(!binary)(
  'a Redis that is away, then loads its data',
  { timeout: 180_000 + AWAY_SECONDS * 1_000 },
  async () => {
    const { client } = world.redis
    await client.eval("for i = 1, 20000 do redis.call('set', 'filler:' .. i, 'x') end", 0)
    await client.bgrewriteaof()
    await vi.waitFor(async () => expect(await client.info('persistence')).toContain('aof_rewrite_in_progress:0'), {
      timeout: 10_000,
    })
    await world.redis.kill()
    // Longer than anything is given that looks for signs of life.
    for (let second = 0; second < AWAY_SECONDS; second += 3) {
      await wait(3_000)
      await expectAlive()
    }
    expect(await postInbound()).toBe(503)
    await world.redis.start()
    await expectBack('after a restart')
  },
)

test.skipIf(!binary)(
  'a Redis that is full: who writes is not ready, the console is, and nobody is killed for it',
  async () => {
    await world.redis.client.config('SET', 'maxmemory', '1')
    await vi.waitFor(async () => expect(await ask('outbound', '/readyz')).toBe(503), { timeout: 10_000 })
    await vi.waitFor(async () => expect(await ask('ingress', '/readyz')).toBe(503), { timeout: 10_000 })
    expect(await postInbound()).toBe(503)
    expect(await ask('console', '/readyz')).toBe(200)
    await expectAlive()
    await world.redis.client.config('SET', 'maxmemory', '0')
    await expectBack('after a full memory')
  },
)
