import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { derivedId, PermanentError, unrecognisedWebhookQueue } from '@switchboard/contracts'
import { createFailedJobs, createProducer, openQueues, startWorker } from '@switchboard/queue'
import { createLogger } from '@switchboard/runtime'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { startRecordingVonage } from '../support/recording-vonage.ts'
import type { RecordingVonage } from '../support/recording-vonage.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { serviceEnvironment, startService } from '../support/service.ts'

const WAIT = { timeout: 15_000, interval: 50 }
const uuid = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab'
const reply = derivedId('re', uuid)
/** An MMS, which an older version did not know. */
const mms = {
  message_uuid: uuid,
  channel: 'mms',
  from: '447700900010',
  to: '447700900000',
  message_type: 'text',
  text: 'hello',
}

const cleanup = new AsyncDisposableStack()
let redis: TestRedis
let vonage: RecordingVonage
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  redis = cleanup.use(await openTestRedis())
  vonage = cleanup.use(await startRecordingVonage())
  const folder = cleanup.adopt(mkdtempSync(join(tmpdir(), 'switchboard-kept-')), (path) =>
    rmSync(path, { recursive: true }),
  )
  const config = { senders: { sms: '447700900000' }, feeds: { MSFT: { source: 'push' } } }
  env = serviceEnvironment({ redisUrl: redis.url, folder, config, vonageUrl: vonage.url })
})
afterAll(() => cleanup.disposeAsync())

test('a webhook that an older version did not understand is answered once it is retried; what nobody knows stays', async () => {
  const queues = cleanup.use(openQueues(redis.client))
  const failed = createFailedJobs(queues)
  await failOnOlderVersion(failed)

  cleanup.use(await startService('inbound-router', env))
  cleanup.use(await startService('outbound', env))
  const jobs = [
    { queue: 'unrecognised-webhook', id: 'known' } as const,
    { queue: 'unrecognised-webhook', id: 'strange' } as const,
  ]
  expect(vonage.accepted.size).toBe(0)
  expect(await failed.retry(jobs)).toBe(2)
  expect(await failed.outcomes(jobs, 10_000)).toMatchObject([
    { id: 'known', kind: 'done' },
    { id: 'strange', kind: 'failed', reason: expect.stringMatching(/^Not understood: /) },
  ])
  await vi.waitFor(() => expect([...vonage.accepted]).toEqual([[reply, 1]]), WAIT)
  expect(await failed.counts()).toEqual(new Map([['unrecognised-webhook', 1]]))

  // Vonage repeats webhooks: the same one was kept twice.
  await keep('again', mms)
  const again = [{ queue: 'unrecognised-webhook', id: 'again' } as const]
  expect(await failed.outcomes(again, 10_000)).toMatchObject([{ kind: 'done' }])
  await vi.waitFor(
    async () => expect(await queues.byName.get('inbound-message')?.getJobCountByTypes('waiting', 'active')).toBe(0),
    WAIT,
  )
  expect([...vonage.accepted]).toEqual([[reply, 1]])
})

/** As ingress does with what it does not understand. */
async function keep(id: string, body: object): Promise<void> {
  await using producer = createProducer(unrecognisedWebhookQueue, redis.client)
  const request = { route: '/webhooks/inbound', method: 'POST', contentType: 'application/json' }
  await producer.enqueue({ id, ...request, body: JSON.stringify(body), problem: 'unknown', receivedAt: Date.now() })
}

async function failOnOlderVersion(failed: ReturnType<typeof createFailedJobs>): Promise<void> {
  await using older = new AsyncDisposableStack()
  const connection = older.adopt(new Redis(redis.url, { maxRetriesPerRequest: null }), (open) => open.disconnect())
  older.use(
    startWorker(unrecognisedWebhookQueue, knowsNeither, { redis: connection, log: createLogger('older', 'silent') }),
  )
  await keep('known', mms)
  await keep('strange', { hello: 'from a Vonage of tomorrow' })
  await vi.waitFor(async () => expect(await failed.counts()).toEqual(new Map([['unrecognised-webhook', 2]])), WAIT)
}

async function knowsNeither(): Promise<void> {
  throw new PermanentError('Not understood: channel: not a channel of the Messages API')
}
