import { PermanentError, RateLimitedError } from '@switchboard/contracts'
import { describe, expect, test } from 'vitest'

import { createVonageClient } from './client.ts'
import type { VonageConfig } from './client.ts'
import { NotSentError, OutcomeUnknownError, ProviderUnavailableError, RefusedError } from './errors.ts'
import { json, newPrivateKey, startStub, testConfig, testMessage } from './stub-vonage.ts'
import type { Answer } from './stub-vonage.ts'

const privateKey = newPrivateKey()
const NOW = Date.UTC(2026, 0, 2)

async function failure(answer: Answer, changes: Partial<VonageConfig> = {}): Promise<unknown> {
  await using stub = await startStub(answer)
  await using client = await createVonageClient(testConfig(stub.url, { privateKey, ...changes }), { now: () => NOW })
  return await client.send(testMessage()).then(
    () => expect.fail('the send should have failed'),
    (error: unknown) => error,
  )
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
    await expect(client.send(testMessage())).rejects.toBeInstanceOf(NotSentError)
  })

  test('no TLS on the other side', async () => {
    await using stub = await startStub(json(202, {}))
    const url = stub.url.replace('http:', 'https:')
    await using client = await createVonageClient(testConfig(url, { privateKey }))
    await expect(client.send(testMessage())).rejects.toBeInstanceOf(NotSentError)
    expect(stub.requests).toEqual([])
  })

  test('after the client was disposed', async () => {
    const client = await createVonageClient(testConfig('http://127.0.0.1:1', { privateKey }))
    await client[Symbol.asyncDispose]()
    await expect(client.send(testMessage())).rejects.toBeInstanceOf(NotSentError)
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
    const error = await failure(answer, { timeoutMs: 150 })
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error).not.toBeInstanceOf(PermanentError)
  })

  test('an answer that trickles', async () => {
    let drip: NodeJS.Timeout | undefined
    const trickle: Answer = (response) => {
      response.writeHead(202)
      drip = setInterval(() => response.write(' '), 40)
    }
    const error = await failure(trickle, { timeoutMs: 150 })
    clearInterval(drip)
    expect(error).toBeInstanceOf(OutcomeUnknownError)
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
    const error = await failure(json(429, { title: 'Rate Limit Hit' }, headers))
    expect(error).toBeInstanceOf(RateLimitedError)
    expect(error).toMatchObject({ retryAfterMs })
  })

  test('503 that says when to come back', async () => {
    const error = await failure(json(503, {}, { 'retry-after': '3' }))
    expect(error).toMatchObject({ name: 'RateLimitedError', retryAfterMs: 3000 })
  })
})

test.each([500, 502, 503, 504, 408])('%i: unavailable', async (status) => {
  const error = await failure((response) => response.writeHead(status).end('<html>'))
  expect(error).toBeInstanceOf(ProviderUnavailableError)
  expect(error).toBeInstanceOf(NotSentError)
  expect(error).toMatchObject({ httpStatus: status })
})

describe('refused', () => {
  const errors = 'https://developer.vonage.com/api-errors'
  test.each([
    [401, { type: `${errors}/#unathorized`, title: 'You did not provide correct credentials.' }, 'unathorized', true],
    [402, { type: `${errors}/#low-balance`, title: 'Low balance' }, 'low-balance', true],
    [403, { type: `${errors}/#forbidden`, title: 'Forbidden' }, 'forbidden', true],
    [404, {}, 'http-404', true],
    [422, { type: `${errors}/messages#1120`, title: 'Invalid sender' }, '1120', false],
    [400, { type: 'https://www.nexmo.com/messages/Errors#InvalidParams', title: 'x' }, 'InvalidParams', false],
    [301, 'moved', 'http-301', false],
    [422, null, 'http-422', false],
    [422, { type: 7, title: ['x'], invalid_parameters: 'x' }, 'http-422', false],
  ])('%i %j', async (status, body, code, isOperatorProblem) => {
    const error = await failure(json(status, body))
    expect(error).toBeInstanceOf(RefusedError)
    expect(error).toBeInstanceOf(PermanentError)
    expect(error).toMatchObject({ code, httpStatus: status, isOperatorProblem })
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
  })

  test('with a body that breaks off: the status has said it all', async () => {
    expect(await failure(cutOff(422))).toMatchObject({ code: 'http-422' })
  })
})
