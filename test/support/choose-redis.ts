import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findRedisServer, startJsRedis, startRedisServer } from '../../scripts/redis.ts'
import type { RunningRedis } from '../../scripts/redis.ts'

/** `js` has no append-only file and is slow: what needs a real server is skipped there. */
export type RedisKind = 'server' | 'container' | 'js'

export interface ChosenRedis extends AsyncDisposable {
  url: string
  kind: RedisKind
  description: string
}

/** REDIS_URL, else a local redis-server, which is the fastest, else a container, else js-redis-server. */
export async function chooseRedis(): Promise<ChosenRedis> {
  const given = process.env['REDIS_URL']
  if (given) return { url: given, kind: 'server', description: 'REDIS_URL', async [Symbol.asyncDispose]() {} }
  const binary = findRedisServer()
  if (binary) return startLocal(binary)
  const container = await startContainer()
  if (container) return container
  const redis = await startJsRedis()
  return { ...describe(redis, 'js'), [Symbol.asyncDispose]: () => redis[Symbol.asyncDispose]() }
}

async function startContainer(): Promise<ChosenRedis | undefined> {
  if (spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 }).status !== 0) return undefined
  // The clean-up container would have to be downloaded; ours is stopped below.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'
  const { GenericContainer } = await import('testcontainers')
  const started = await new GenericContainer('redis:8')
    .withExposedPorts(6_379)
    .withCommand([
      'redis-server',
      '--save',
      '',
      '--appendonly',
      'yes',
      '--hz',
      '100',
      '--maxmemory-policy',
      'noeviction',
    ])
    .start()
    .catch((error: unknown) => console.log(`Docker answers, but redis:8 does not start: ${String(error)}`))
  if (!started) return undefined
  return {
    url: `redis://${started.getHost()}:${started.getMappedPort(6_379)}`,
    kind: 'container',
    description: 'redis:8 in a container',
    async [Symbol.asyncDispose]() {
      await started.stop()
    },
  }
}

async function startLocal(binary: string): Promise<ChosenRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-redis-'))
  const redis = await startRedisServer({ binary, folder })
  return {
    ...describe(redis, 'server'),
    async [Symbol.asyncDispose]() {
      await redis[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function describe({ url, description }: RunningRedis, kind: RedisKind) {
  return { url, description, kind }
}
