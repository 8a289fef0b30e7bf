import { describe, expect, test } from 'vitest'

import { createVonageClient } from './client.ts'
import type { VonageConfig } from './client.ts'
import { NotAcceptedError } from './outcome.ts'
import type { NotAccepted } from './outcome.ts'
import { json, newPrivateKey, startStub, testConfig, testMessage } from './testing/stub-vonage.ts'
import type { Answer } from './testing/stub-vonage.ts'

const privateKey = newPrivateKey()
const NOW = Date.UTC(2026, 0, 2)

async function failure(
  answer: Answer,
  changes: Partial<VonageConfig> = {},
  message = testMessage(),
): Promise<NotAccepted> {
  await using stub = await startStub(answer)
  await using client = await createVonageClient(testConfig(stub.url, { privateKey, ...changes }), { now: () => NOW })
  return await outcomeOf(client.send(message))
}

async function outcomeOf(sent: Promise<unknown>): Promise<NotAccepted> {
  const error = await sent.then(
    () => expect.fail('the send should have failed'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof NotAcceptedError) return error.outcome
  throw error
}

function cutOff(status: number): Answer {
  return (response) => {
    response.writeHead(status, { 'content-length': '100' }).write('{"message_uuid"')
    setTimeout(() => response.destroy(), 20)
  }
}

describe('before the send', () => {
  test('connection refused', async () => {
    const stub = await startStub(json(202, {}))
    await stub[Symbol.asyncDispose]()
    await using client = await createVonageClient(testConfig(stub.url, { privateKey }))
    expect(await outcomeOf(client.send(testMessage()))).toMatchObject({ kind: 'later' })
  })

  test('no TLS on the other side', async () => {
    await using stub = await startStub(json(202, {}))
    const url = stub.url.replace('http:', 'https:')
    await using client = await createVonageClient(testConfig(url, { privateKey }))
    expect(await outcomeOf(client.send(testMessage()))).toMatchObject({ kind: 'later' })
    expect(stub.requests).toEqual([])
  })

  test('after the client was disposed', async () => {
    const client = await createVonageClient(testConfig('http://127.0.0.1:1', { privateKey }))
    await client[Symbol.asyncDispose]()
    expect(await outcomeOf(client.send(testMessage()))).toMatchObject({ kind: 'later' })
  })

  test('a connection that was closed while idle is replaced', async () => {
    await using stub = await startStub(json(202, { message_uuid: 'uuid-1' }))
    await using client = await createVonageClient(testConfig(stub.url, { privateKey }))
    for (let round = 0; round < 5; round += 1) {
      await client.send(testMessage())
      stub.closeIdleConnections()
      await new Promise(setImmediate)
    }
    expect(stub.requests).toHaveLength(5)
  })
})

describe.concurrent('outcome unknown', () => {
  test.each<[string, Answer]>([
    ['reset after the request', (response) => response.socket?.resetAndDestroy()],
    ['closed after the request', (response) => response.socket?.end()],
    ['silence', () => undefined],
    ['half a status line', (response) => response.socket?.write('HTTP/1.1 20')],
    ['not HTTP', (response) => response.socket?.end('SMTP ready\r\n\r\n')],
    [
      '202 and a body that stops',
      (response) => response.writeHead(202, { 'content-length': '100' }).write('{"message_uuid"'),
    ],
    ['202 and a body that is cut off', cutOff(202)],
    ['202 and no JSON', (response) => response.writeHead(202).end('<html>')],
    ['202 and no id', json(202, { uuid: 'x' })],
    ['200 and an empty body', (response) => response.writeHead(200).end()],
  ])('%s', async (_, answer) => {
    expect(await failure(answer, { timeoutMs: 150 })).toMatchObject({ kind: 'unknown' })
  })

  test('an answer that trickles', async () => {
    let drip: NodeJS.Timeout | undefined
    const trickle: Answer = (response) => {
      response.writeHead(202)
      drip = setInterval(() => response.write(' '), 40)
    }
    const from = performance.now()
    const outcome = await failure(trickle, { timeoutMs: 2_000 })
    clearInterval(drip)
    expect(outcome).toMatchObject({ kind: 'unknown' })
    // Half the time that it has to begin in: a service that stops waits for it.
    expect(performance.now() - from).toBeLessThan(1_900)
  })
})

describe('rate limited', () => {
  test.each([
    ['no header', {}, 1000],
    ['seconds', { 'retry-after': '7' }, 7000],
    ['a date', { 'retry-after': new Date(NOW + 30_000).toUTCString() }, 30_000],
    ['a date that is over', { 'retry-after': new Date(NOW - 30_000).toUTCString() }, 1],
    ['rubbish', { 'retry-after': 'soon' }, 1000],
    ['a day is too long', { 'retry-after': '86400' }, 900_000],
    ['reset in seconds', { 'x-ratelimit-reset': String(NOW / 1000 + 5) }, 5000],
    ['reset in milliseconds', { 'x-ratelimit-reset': String(NOW + 5000) }, 5000],
    ['reset that is over', { 'x-ratelimit-reset': '30' }, 1000],
    ['both', { 'retry-after': '2', 'x-ratelimit-reset': String(NOW + 5000) }, 2000],
  ])('429 with %s', async (_, headers, retryAfterMs) => {
    expect(await failure(json(429, { title: 'Rate Limit Hit' }, headers))).toMatchObject({
      kind: 'later',
      retryAfterMs,
    })
  })

  test('503 that says when to come back', async () => {
    expect(await failure(json(503, {}, { 'retry-after': '3' }))).toMatchObject({ kind: 'later', retryAfterMs: 3000 })
  })
})

test.each([
  [500, 'later'],
  [503, 'later'],
  [408, 'later'],
  // A gateway has passed the request on before it gave up: a second one might double the message.
  [502, 'unknown'],
  [504, 'unknown'],
])('%i: %s', async (status, kind) => {
  expect(await failure((response) => response.writeHead(status).end('<html>'))).toMatchObject({ kind })
})

describe('refused', () => {
  const errors = 'https://developer.vonage.com/api-errors'
  test.each([
    [
      401,
      { type: `${errors}/#unathorized`, title: 'You did not provide correct credentials.' },
      'unathorized',
      'account',
    ],
    [402, { type: `${errors}/#low-balance`, title: 'Low balance' }, 'low-balance', 'account'],
    [403, { type: `${errors}/#forbidden`, title: 'Forbidden' }, 'forbidden', 'account'],
    [404, {}, 'http-404', 'account'],
    [422, { type: `${errors}/messages#1120`, title: 'Invalid sender' }, '1120', 'account'],
    [400, { type: 'https://www.nexmo.com/messages/Errors#InvalidParams', title: 'x' }, 'InvalidParams', 'refused'],
    [301, 'moved', 'http-301', 'refused'],
    [422, null, 'http-422', 'refused'],
    [422, { type: 7, title: ['x'], invalid_parameters: 'x' }, 'http-422', 'refused'],
  ])('%i %j', async (status, body, code, kind) => {
    expect(await failure(json(status, body))).toMatchObject({ kind, code })
  })

  test('a sender that a caller asked for is the message’s problem, our own is the account’s', async () => {
    const answer = json(422, { type: `${errors}/messages#1120`, title: 'Invalid sender' })
    expect(await failure(answer, {}, testMessage({ from: '12015550123' }))).toMatchObject({ kind: 'refused' })
    expect(await failure(answer, {}, testMessage({ from: '447700900000' }))).toMatchObject({ kind: 'account' })
  })

  test('says why, names the parameters and hides numbers', async () => {
    const problem = {
      title: 'Invalid params',
      detail: '447700900010 is not valid',
      invalid_parameters: [{ name: 'to', reason: 'is wrong.' }, { name: 'text' }],
    }
    expect(await failure(json(422, problem))).toMatchObject({ reason: 'Invalid params: … is not valid' })
    problem.invalid_parameters.pop()
    expect(await failure(json(422, problem))).toMatchObject({ reason: 'Invalid params: … is not valid: to is wrong.' })
  })

  test('401 and 402 tell the operator what to do', async () => {
    expect(await failure(json(401, {}))).toMatchObject({ reason: expect.stringContaining('VONAGE_PRIVATE_KEY') })
    expect(await failure(json(402, {}))).toMatchObject({ reason: expect.stringContaining('credit') })
    expect(await failure(json(402, { title: 'Low balance', detail: 'It is too low.' }))).toMatchObject({
      reason: 'Low balance: It is too low: the Vonage account needs credit',
    })
  })

  test('with a body that breaks off: the status has said it all', async () => {
    expect(await failure(cutOff(422))).toMatchObject({ code: 'http-422' })
  })
})
