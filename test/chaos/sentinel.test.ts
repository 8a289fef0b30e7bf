import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { outboundQueues } from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import { Redis } from 'ioredis'
import { expect, test, vi } from 'vitest'

import { startProcess } from '../../scripts/managed-process.ts'
import { findFreePort } from '../../scripts/ports.ts'
import { findRedisServer, startRedisServer } from '../../scripts/redis.ts'
import { startRecordingVonage } from '../support/recording-vonage.ts'
import { serviceEnvironment, startService } from '../support/service.ts'

test('the master dies, and Sentinel names another: a worker goes on there within 10 s', async (context) => {
  const binary = findRedisServer()
  if (!binary) return context.skip('Sentinel is a mode of redis-server, which is not on PATH')
  await using stack = new AsyncDisposableStack()
  const folderOf = () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchboard-sentinel-'))
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    return folder
  }
  const startServer = async () => {
    const folder = folderOf()
    writeFileSync(join(folder, 'redis.conf'), 'requirepass ofthetests\nmasterauth ofthetests\n')
    const port = await findFreePort()
    const server = stack.use(await startRedisServer({ binary, folder, port }))
    const client = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
    client.on('error', () => undefined)
    stack.defer(() => client.disconnect())
    return { server, client, port }
  }
  const [first, second] = [await startServer(), await startServer()]
  await second.client.replicaof('127.0.0.1', first.port)
  await vi.waitFor(async () => expect(await second.client.info('replication')).toContain('link_status:up'), {
    timeout: 10_000,
  })

  const sentinelPort = await findFreePort()
  const cwd = folderOf()
  const settings = [
    `port ${sentinelPort}`,
    `sentinel monitor mymaster 127.0.0.1 ${first.port} 1`,
    'sentinel auth-pass mymaster ofthetests',
    'sentinel down-after-milliseconds mymaster 1000',
    'sentinel failover-timeout mymaster 5000',
  ]
  writeFileSync(join(cwd, 'sentinel.conf'), `${settings.join('\n')}\n`)
  const args = ['./sentinel.conf', '--sentinel']
  stack.use(startProcess({ name: 'sentinel', command: binary, args, env: {}, cwd }))
  const sentinel = new Redis(sentinelPort, '127.0.0.1', { retryStrategy: () => 50 })
  sentinel.on('error', () => undefined)
  stack.defer(() => sentinel.disconnect())
  await vi.waitFor(async () => expect(await sentinel.call('SENTINEL', 'REPLICAS', 'mymaster')).toHaveLength(1), {
    timeout: 20_000,
    interval: 200,
  })

  const vonage = stack.use(await startRecordingVonage())
  const env = {
    ...serviceEnvironment({
      // Nobody listens there: only what else the URL says counts.
      redisUrl: 'redis://:ofthetests@127.0.0.1:1',
      folder: folderOf(),
      config: { senders: { sms: '447700900000' } },
      vonageUrl: vonage.url,
    }),
    REDIS_SENTINELS: `127.0.0.1:${sentinelPort}`,
  }
  stack.use(await startService('outbound', env))
  const send = async (id: string, client: Redis) => {
    await using producer = createProducer(outboundQueues.sms, client)
    const message = {
      id,
      channel: 'sms',
      to: '447700900010',
      text: 'a',
      purpose: 'alert',
      createdAt: Date.now(),
    } as const
    await producer.enqueue(message)
    await vi.waitFor(() => expect(vonage.accepted.has(id)).toBe(true), { timeout: 10_000, interval: 50 })
  }
  await send('before', first.client)
  first.server.process?.kill('SIGKILL')
  await vi.waitFor(async () => expect(await second.client.info('replication')).toContain('role:master'), {
    timeout: 30_000,
    interval: 50,
  })
  await send('after', second.client)
})
