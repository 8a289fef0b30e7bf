import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Redis } from 'ioredis'
import { z } from 'zod'

import { findFreePort } from '../../scripts/ports.ts'
import { findRedisServer, startRedisServer } from '../../scripts/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'
import type { ServiceSetting } from '../support/service.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'

export interface BenchRedis {
  url: string
  /** For whatever else the benchmark writes. */
  folder: string
  client: Redis
  pid: number
}

/** A Redis for one benchmark, with the settings of the product: AOF is on. */
export async function startBenchRedis(cleanup: AsyncDisposableStack): Promise<BenchRedis> {
  const binary = findRedisServer()
  if (!binary) throw new Error('This benchmark needs redis-server or valkey-server on PATH')
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-bench-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const { url } = cleanup.use(await startRedisServer({ binary, folder }))
  const client = new Redis(url, { maxRetriesPerRequest: null })
  cleanup.defer(() => client.disconnect())
  const pid = Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1])
  return { url, folder, client, pid }
}

/** Stands in for Vonage, and says when as many messages have come as are waited for. */
export async function startVonageStub(cleanup: AsyncDisposableStack): Promise<{ stub: Child; vonageUrl: string }> {
  const stub = cleanup.use(await startChild('vonage-stub.ts'))
  return { stub, vonageUrl: z.string().parse(await stub.ask({})) }
}

/** The ingress service, and who sends it webhooks; `env` is for the services behind it. */
export async function startIngress(cleanup: AsyncDisposableStack, setting: ServiceSetting) {
  const port = await findFreePort()
  const env = serviceEnvironment(setting)
  const listening = { INGRESS_PORT: String(port), RATE_LIMIT_PER_MINUTE: '1000000000' }
  const { pid } = cleanup.use(await startService('ingress', { ...env, ...listening }))
  const load = cleanup.use(await startChild('webhook-load.ts'))
  return { env, url: `http://127.0.0.1:${port}`, pid, load }
}
