import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import type { TestContext } from 'vitest'

import { startProcess } from '../../scripts/managed-process.ts'
import { findFreePort } from '../../scripts/ports.ts'
import { findRedisServer } from '../../scripts/redis.ts'
import { eventually } from '../support/eventually.ts'
import { connectSimulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'

/** A cluster of one node: it refuses a command whose keys lie in two slots, as a large one does. */
async function startCluster(context: TestContext): Promise<{ url: string } & AsyncDisposable> {
  const command = findRedisServer()
  if (!command) return context.skip('a Redis Cluster needs redis-server or valkey-server on PATH')
  const cwd = mkdtempSync(join(tmpdir(), 'switchboard-cluster-'))
  const port = await findFreePort()
  // The second port is that of the cluster bus, which is 10,000 further by itself.
  const ports = ['--port', String(port), '--cluster-port', String(await findFreePort())]
  // A node that is alone does not learn its own address.
  const address = ['--bind', '127.0.0.1', '--cluster-announce-ip', '127.0.0.1']
  const args = [...ports, ...address, '--cluster-enabled', 'yes', '--dir', '.', '--appendonly', 'yes']
  const server = startProcess({ name: 'redis', command, args, env: {}, cwd })
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 50 })
  client.on('error', () => undefined)
  await client.cluster('ADDSLOTSRANGE', 0, 16_383)
  await eventually(async () => expect(await client.cluster('INFO')).toContain('cluster_state:ok'))
  client.disconnect()
  return {
    url: `redis://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}

test('a feed runs on a Redis Cluster: no command touches two slots', async (context) => {
  await using cluster = await startCluster(context)
  await using stack = await startTestStack({ redisUrl: cluster.url, env: { REDIS_CLUSTER: 'true' } })
  const simulator = connectSimulator(stack.addresses.simulator)
  const phones = [simulator.phone('sms'), simulator.phone('whatsapp')]
  for (const phone of phones) {
    await phone.sends('MSFT')
    await phone.expects(/You now receive MSFT updates here/)
    await phone.expects(/^MSFT \d+/)
    await phone.sends('STOP')
    await phone.expects(/You will not receive any more messages/)
  }
  expect(stack.ended()).toEqual([])
})
