import { createHash, createHmac, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { PermanentError, unrecognisedWebhookQueue } from '@switchboard/contracts'
import { createProducer, startWorker } from '@switchboard/queue'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { connectConsole } from '../support/console-client.ts'
import type { Phone } from '../support/phone.ts'
import { openTestRedis } from '../support/redis.ts'
import type { TestRedis } from '../support/redis.ts'
import { startService } from '../support/service.ts'
import { connectSimulator } from '../support/simulator.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

let redis: TestRedis
let stack: TestStack
let phone: Phone
let api: SwitchboardApi
const cleanup = new AsyncDisposableStack()

beforeAll(async () => {
  redis = cleanup.use(await openTestRedis())
  stack = cleanup.use(await startTestStack({ redisUrl: redis.url }))
  phone = connectSimulator(stack.addresses.simulator).phone('sms')
  api = createSwitchboardApi(stack.addresses)
})
afterAll(() => cleanup.disposeAsync())

/** An MMS, which an older version did not know. */
function mms(text: string): string {
  return JSON.stringify({
    message_uuid: randomUUID(),
    channel: 'mms',
    from: phone.address,
    to: '447700900000',
    timestamp: new Date().toISOString(),
    message_type: 'text',
    text,
  })
}

/** What ingress adds when it does not understand. */
async function keep(id: string, body: string): Promise<void> {
  await using producer = createProducer(unrecognisedWebhookQueue, redis.client)
  const request = { route: '/webhooks/inbound', method: 'POST', contentType: 'application/json' }
  await producer.enqueue({ id, ...request, body, problem: 'unknown', receivedAt: Date.now() })
}

/** The handler of an older outbound. */
async function knowsNoMms(): Promise<void> {
  throw new PermanentError('Not understood: channel: not a channel of the Messages API')
}

const failed = () => api.get('/api/failed-jobs?queue=unrecognised-webhook')
const named = (id: string, reason: RegExp) => ({ jobs: [{ id, reason: expect.stringMatching(reason) }] })

test('a webhook that an older version did not understand is replayed, and has its effect once', async () => {
  const body = mms('MSFT')
  await stack.processes.get('outbound')?.[Symbol.asyncDispose]()
  {
    await using older = new AsyncDisposableStack()
    const connection = older.adopt(new Redis(redis.url, { maxRetriesPerRequest: null }), (open) => open.disconnect())
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    older.use(startWorker(unrecognisedWebhookQueue, knowsNoMms, { redis: connection, log }))
    await keep('webhook_mms', body)
    await expect.poll(failed, { timeout: 10_000 }).toMatchObject(named('webhook_mms', /not a channel/))
  }
  cleanup.use(await startService('outbound', stack.environment))
  expect(await phone.received()).toEqual([])

  const operator = await connectConsole(stack.addresses.console, stack.addresses.consolePassword)
  expect(await (await operator.get('/failed')).text()).toContain('not a channel of the Messages API')
  const job = 'unrecognised-webhook/webhook_mms'
  const answer = await operator.post('/failed', { action: 'retry', scope: 'selected', job })
  await expect
    .poll(async () => (await operator.get(answer.headers.get('location') ?? '')).text())
    .toMatch(/1 job given another try[^]*1 worked/)
  await phone.expects(/You now receive MSFT updates here/)
  expect(await failed()).toEqual({ failed: 0, jobs: [] })

  // Vonage repeats webhooks: the same one was kept twice.
  await phone.sends('STOP')
  await phone.expects('You will not receive any more messages')
  await keep('webhook_again', body)
  await phone.expectsNothing(1_000)
})

test('what is still not understood stays, and says so', async () => {
  const body = JSON.stringify({ hello: 'from a Vonage of tomorrow' })
  const answer = await fetch(`${stack.addresses.ingress}/webhooks/inbound`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${sign(body)}` },
    body,
  })
  expect(answer.status).toBe(200)
  await expect.poll(failed, { timeout: 10_000 }).toMatchObject({ failed: 1 })
  const { jobs } = (await failed()) as { jobs: { id: string; reason: string }[] }
  const id = jobs[0]?.id ?? ''
  expect(jobs[0]?.reason).toMatch(/^Not understood: /)

  const path = `/api/failed-jobs/unrecognised-webhook/${id}`
  const outcome = { queue: 'unrecognised-webhook', id, outcome: 'failed', reason: jobs[0]?.reason }
  const headers = { 'idempotency-key': id }
  expect(await api.post(`${path}/retry`, {}, headers)).toEqual(outcome)
  const afterwards = await failed()
  expect(afterwards).toMatchObject({ failed: 1 })
  // The same request again: the same answer, and no further try.
  expect(await api.post(`${path}/retry`, {}, headers)).toEqual(outcome)
  expect(await failed()).toEqual(afterwards)
  await api.delete(path)
  expect(await failed()).toEqual({ failed: 0, jobs: [] })
  expect((await api.ask('POST', `${path}/retry`)).status).toBe(404)
})

/** As Vonage signs (signed webhooks guide). */
function sign(body: string): string {
  const claims = {
    iat: Math.floor(Date.now() / 1_000),
    jti: randomUUID(),
    iss: 'Vonage',
    payload_hash: createHash('sha256').update(body).digest('hex'),
    api_key: credential('api-key'),
    application_id: credential('application-id'),
  }
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encode).join('.')
  return `${signed}.${createHmac('sha256', credential('signature-secret')).update(signed).digest('base64url')}`
}

function credential(name: string): string {
  return readFileSync(join(stack.dataFolder, 'simulator', name), 'utf8').trim()
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
