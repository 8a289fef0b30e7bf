import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { inject } from 'vitest'
import type { TestContext } from 'vitest'

import { findFreePort } from '../../scripts/ports.ts'
import { findRedisServer, startRedisServer } from '../../scripts/redis.ts'
import type { RunningRedis } from '../../scripts/redis.ts'
import type { RedisKind } from './choose-redis.ts'
import { claimDatabase } from './test-database.ts'
import type { TestDatabase } from './test-database.ts'

export interface TestRedis extends TestDatabase {
  kind: RedisKind
}

/** A database of its own for this file, on the Redis that the run has chosen. */
export async function openTestRedis(): Promise<TestRedis> {
  return { ...(await claimDatabase(inject('redisUrl'))), kind: inject('redisKind') }
}

/** Skips what js-redis-server cannot do. */
export function requireRealRedis(context: TestContext, why: string): void {
  if (inject('redisKind') === 'js') context.skip(`js-redis-server stands in for Redis: ${why}`)
}

export interface PrivateRedis extends AsyncDisposable {
  readonly url: string
  /** SIGKILL: what a crash or `docker kill` does. */
  kill(): Promise<void>
  /** On the same port, with the data of the append-only file. */
  start(): Promise<void>
}

/** A redis-server of our own, with AOF, to be killed and started again. Skips the test where there is no binary. */
export async function startPrivateRedis(context: TestContext): Promise<PrivateRedis> {
  const binary = findRedisServer()
  if (!binary) return context.skip('killing Redis needs redis-server or valkey-server on PATH')
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-redis-'))
  const options = { binary, folder, port: await findFreePort() }
  let redis: RunningRedis | undefined = await startRedisServer(options)
  return {
    url: redis.url,
    async kill() {
      redis?.process?.kill('SIGKILL')
      await redis?.process?.ended
      redis = undefined
    },
    async start() {
      redis ??= await startRedisServer(options)
    },
    async [Symbol.asyncDispose]() {
      await redis?.[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
