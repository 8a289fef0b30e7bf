import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { planOf, policy } from '@switchboard/contracts'
import { createAlerts } from '@switchboard/store'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { findFreePort } from '../../scripts/ports.ts'
import { createAcknowledgeLink } from '../../services/failover/src/acknowledge-link.ts'
import { beginAlert } from '../../services/failover/src/walk.ts'
import { connectConsole } from '../support/console-client.ts'
import { startConsoleService } from '../support/console-service.ts'
import { eventually, inThreeTries } from '../support/eventually.ts'
import { startPrivateRedis } from '../support/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'
import { signAsVonage } from '../support/sign-webhook.ts'

async function postInbound(port: number, id: string) {
  const body = JSON.stringify({ message_uuid: id, channel: 'sms', from: '447700900010', to: '447700900000', text: 'a' })
  const headers = { authorization: signAsVonage(body), 'content-type': 'application/json' }
  const from = performance.now()
  const answer = await fetch(`http://127.0.0.1:${port}/webhooks/inbound`, { method: 'POST', headers, body })
  const problem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false
  return { status: answer.status, problem, ms: performance.now() - from }
}

/** Ingress on a Redis of its own, and a client that waits until that comes back. */
async function startIngress(redisUrl: string, cleanup: AsyncDisposableStack) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-away-'))
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }))
  const port = await findFreePort()
  const env = { ...serviceEnvironment({ redisUrl, folder, config: {} }), INGRESS_PORT: String(port) }
  const ingress = cleanup.use(await startService('ingress', env))
  const client = new Redis(redisUrl, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  cleanup.defer(() => client.disconnect())
  return { port, client, ingress }
}

test(
  'ingress answers 503 within 2 s while Redis is dead or hangs, and recovers by itself',
  inThreeTries,
  async (context) => {
    await using redis = await startPrivateRedis(context)
    await using cleanup = new AsyncDisposableStack()
    const { port, client, ingress } = await startIngress(redis.url, cleanup)

    const acknowledged: string[] = []
    let count = 0
    const post = async (): Promise<{ status: number; problem: boolean; ms: number }> => {
      const id = `id-${(count += 1)}`
      const answer = await postInbound(port, id)
      if (answer.status === 200) acknowledged.push(id)
      return answer
    }
    const expectRefusals = async () => {
      for (const answer of await Promise.all([post(), post(), post()])) {
        expect(answer).toMatchObject({ status: 503, problem: true })
        expect(answer.ms).toBeLessThan(2_000)
      }
    }
    const expectRecovery = () => eventually(async () => expect(await post()).toMatchObject({ status: 200 }))

    expect(await post()).toMatchObject({ status: 200 })

    const redisPid = Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1])
    process.kill(redisPid, 'SIGSTOP')
    await expectRefusals()
    process.kill(redisPid, 'SIGCONT')
    await expectRecovery()

    // Behind a slow disk Redis answers before it has written: what it then loses is its own, and no test of ours.
    await eventually(async () => expect(await client.info('persistence')).toMatch(/aof_buffer_length:0\s/))
    await redis.kill()
    await expectRefusals()
    await redis.start()
    await expectRecovery()

    // A webhook answered 503 may be kept as well: it comes again under the same id. One answered 200 must be.
    const kept = new Set((await client.keys('{sb-inbound-message}:*:in-id-*')).map((key) => key.split(':').at(-1)))
    for (const id of acknowledged) expect(kept).toContain(`in-${id}-0`)
    expect(ingress.pid).toBeDefined()
  },
)

const pageOf = async (answer: Response) => [answer.status, answer.headers.get('content-type'), await answer.text()]
const tony = { name: 'Tony', channels: [0, 1].map(() => ({ type: 'sms', id_num: '447700900011' })) }

test(
  'the page of an alert is a page while Redis is away, and what was pressed then counts once',
  inThreeTries,
  async (context) => {
    await using redis = await startPrivateRedis(context)
    await using cleanup = new AsyncDisposableStack()
    const { port, client } = await startIngress(redis.url, cleanup)
    const alerts = createAlerts(client)
    const plan = planOf(policy.parse({ users: [tony] }))
    const request = { id: 'alert-of-the-night', text: 'The database is down', plan, createdAt: Date.now() }
    const begun = beginAlert(request, { code: 'A1', planId: await alerts.savePlan(plan), now: Date.now() })
    await alerts.change(begun.id, () => begun, { beforeWrite: () => undefined })
    const link = createAcknowledgeLink({
      SESSION_SECRET: 'session-secret-of-the-tests',
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    })(begun.id, 0)
    const press = () =>
      fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ act: 'mine', id: 'first-press' }) })
    const html = 'text/html; charset=utf-8'

    expect(await pageOf(await fetch(link))).toEqual([200, html, expect.stringContaining('The database is down')])
    const redisPid = Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1])
    process.kill(redisPid, 'SIGSTOP')
    expect(await pageOf(await fetch(link))).toEqual([503, html, expect.stringContaining('tries again')])
    const refused = await press()
    expect(await pageOf(refused)).toEqual([
      503,
      html,
      expect.stringMatching(/Not written down yet[^]*value="first-press"/),
    ])
    process.kill(redisPid, 'SIGCONT')
    await eventually(async () => expect((await press()).status).toBe(303))
    await press()
    const jobs = await client.keys('{sb-alert-attention}:*:seen-*')
    expect(jobs.filter((key) => !key.endsWith(':lock'))).toHaveLength(1)
  },
)

test('every page of the console is a page while Redis is away, also Bull Board and those of one thing', async (context) => {
  await using redis = await startPrivateRedis(context)
  await using service = await startConsoleService({ REDIS_URL: redis.url })
  const ada = await connectConsole(service.url, service.password)
  await redis.kill()
  const ofOne = ['/alerts/a', '/calls/c', '/failed/outbound-sms/f', '/mailings/m', '/mailings/m/preview', '/messages/m']
  const others = ['/notifications/n', '/people/tel.447700900010', '/queue/outbound-sms', '/search?q=A1']
  for (const path of ['/', ...ofOne, ...others, '/queues/', '/queues/queue/outbound-sms']) {
    const response = await ada.get(path)
    expect([path, response.status, await response.text()]).toEqual([
      path,
      503,
      expect.stringContaining('Redis is away'),
    ])
  }
  const asked = await ada.get('/queues/api/queues', { accept: 'application/json' })
  expect(asked.headers.get('content-type')).toContain('json')
})
