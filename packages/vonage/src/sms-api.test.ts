import { describe, expect, test } from 'vitest'

import { createVonageClient } from './client.ts'
import { NotAcceptedError } from './outcome.ts'
import { json, newPrivateKey, startStub, testConfig, testMessage } from './testing/stub-vonage.ts'

const privateKey = newPrivateKey()
const part = (id: string) => ({ to: '447700900010', 'message-id': id, status: '0', 'message-price': '0.0333' })

async function send(answer: unknown, text = 'MSFT 120.24') {
  await using stub = await startStub(json(200, answer))
  await using client = await createVonageClient(testConfig(stub.url, { privateKey, smsApi: 'sms' }))
  const outcome = await client
    .send(testMessage({ text }))
    .catch((error: unknown) => (error instanceof NotAcceptedError ? error.outcome : error))
  return { outcome, request: stub.requests[0] }
}

test('posts a form with Basic credentials', async () => {
  const { outcome, request } = await send({ 'message-count': 1, messages: [part('A1')] })
  expect(outcome).toEqual({ messageUuids: ['A1'], parts: 1 })
  expect(request).toMatchObject({ method: 'POST', path: '/sms/json' })
  expect(request?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from('abcd1234:api-secret').toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  })
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    from: '447700900000',
    to: '447700900010',
    text: 'MSFT 120.24',
    'client-ref': 'message-1',
  })
})

test('asks for unicode when the text needs it', async () => {
  const { request } = await send({ messages: [part('A1')] }, '停止 & “x” 👍')
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
    type: 'unicode',
    text: '停止 & “x” 👍',
  })
})

test('one result per part', async () => {
  const { outcome } = await send({ 'message-count': '2', messages: [part('A1'), part('A2')] })
  expect(outcome).toEqual({ messageUuids: ['A1', 'A2'], parts: 2 })
})

test('what was accepted is returned although a part failed', async () => {
  const throttled = { status: '1', 'error-text': 'Throughput Rate Exceeded - please wait [ 978 ] and retry' }
  const { outcome } = await send({ messages: [part('A1'), throttled, { status: 5 }] })
  expect(outcome).toEqual({
    messageUuids: ['A1'],
    parts: 3,
    partialFailure: { code: '1', reason: throttled['error-text'], failedParts: 2 },
  })
})

describe('errors inside 200', () => {
  test.each([
    [1, 'Throughput Rate Exceeded - please wait [ 978 ] and retry', 978],
    ['1', 'Throttled', 1000],
    ['10', undefined, 1000],
  ])('%j %j is too fast', async (status, text, retryAfterMs) => {
    const { outcome } = await send({ messages: [{ status, 'error-text': text }] })
    expect(outcome).toMatchObject({ kind: 'later', retryAfterMs })
  })

  test.each([
    ['2', 'refused'],
    ['4', 'account'],
    ['6', 'refused'],
    ['9', 'account'],
    ['14', 'account'],
    ['15', 'account'],
    ['29', 'refused'],
    ['99', 'refused'],
  ])('%s: %s', async (status, kind) => {
    const { outcome } = await send({ messages: [{ status, 'error-text': 'because' }] })
    expect(outcome).toMatchObject({ kind, code: status, reason: 'because' })
  })

  test('5 may be tried again', async () => {
    expect((await send({ messages: [{ status: '5' }] })).outcome).toMatchObject({ kind: 'later' })
  })

  test.each([{}, { messages: [] }, { messages: [{ status: '0' }] }, { messages: 'x' }, 'text', null])(
    '%j leaves the outcome unknown',
    async (answer) => {
      expect((await send(answer)).outcome).toMatchObject({ kind: 'unknown' })
    },
  )
})

test('needs the API key and secret', async () => {
  const config = testConfig('http://127.0.0.1:1', { privateKey, smsApi: 'sms', apiSecret: undefined })
  await expect(createVonageClient(config)).rejects.toThrow('API secret')
})

test('leaves the other channels to the Messages API', async () => {
  await using stub = await startStub(json(202, { message_uuid: 'uuid-1' }))
  await using client = await createVonageClient(testConfig(stub.url, { privateKey, smsApi: 'sms' }))
  await client.send(testMessage({ channel: 'messenger', to: '9000000001' }))
  expect(stub.requests[0]?.path).toBe('/v1/messages')
})
