import { createPrivateKey, createPublicKey } from 'node:crypto'

import { jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'

import { createVonageClient } from './client.ts'
import { NotAcceptedError } from './outcome.ts'
import { json, newPrivateKey, startStub, testConfig, testMessage } from './testing/stub-vonage.ts'

const privateKey = newPrivateKey()
const accepts = json(202, { message_uuid: 'uuid-1' })

test('Messages v1', async () => {
  await using stub = await startStub(accepts)
  await using client = await createVonageClient(testConfig(`${stub.url}/`, { privateKey }))
  expect(await client.send(testMessage())).toEqual({ messageUuids: ['uuid-1'], parts: 1 })
  expect(await client.send(testMessage({ text: '停'.repeat(71) }))).toEqual({ messageUuids: ['uuid-1'], parts: 2 })
  const [first] = stub.requests
  expect(first).toMatchObject({ method: 'POST', path: '/v1/messages' })
  expect(first?.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' })
  expect(JSON.parse(first?.body ?? '')).toEqual({
    channel: 'sms',
    message_type: 'text',
    to: '447700900010',
    from: '447700900000',
    text: 'MSFT 120.24',
    client_ref: 'message-1',
  })
})

test('Messages v0.1', async () => {
  await using stub = await startStub(accepts)
  await using client = await createVonageClient(testConfig(stub.url, { privateKey, messagesVersion: 'v0.1' }))
  await client.send(testMessage({ channel: 'viber_service', from: 'Other' }))
  expect(stub.requests[0]?.path).toBe('/v0.1/messages')
  expect(JSON.parse(stub.requests[0]?.body ?? '')).toEqual({
    from: { type: 'viber_service_msg', id: 'Other' },
    to: { type: 'viber_service_msg', number: '447700900010' },
    message: { content: { type: 'text', text: 'MSFT 120.24' } },
    client_ref: 'message-1',
  })
})

test('a path in the API URL is kept', async () => {
  await using stub = await startStub(accepts)
  await using client = await createVonageClient(testConfig(`${stub.url}/vonage/`, { privateKey }))
  await client.send(testMessage())
  expect(stub.requests[0]?.path).toBe('/vonage/v1/messages')
})

test('refuses before any request', async () => {
  await using stub = await startStub(accepts)
  await using client = await createVonageClient(testConfig(stub.url, { privateKey, senders: { messenger: '1' } }))
  const tooLong = client.send(testMessage({ channel: 'messenger', text: 'a'.repeat(641) }))
  await expect(tooLong).rejects.toMatchObject({ outcome: { kind: 'refused', code: 'text-too-long' } })
  const noSender = client.send(testMessage())
  await expect(noSender).rejects.toMatchObject({ outcome: { kind: 'refused', code: 'no-sender' } })
  await expect(noSender).rejects.toBeInstanceOf(NotAcceptedError)
  expect(stub.requests).toEqual([])
})

test.each([
  ['the new one', (newer: string) => newer],
  ['still the old one', () => privateKey],
])('while the key is replaced, what Vonage knows signs: %s', async (_which, known) => {
  const newer = newPrivateKey()
  const knownKey = createPublicKey(known(newer))
  await using stub = await startStub((response, request) => {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? ''
    void jwtVerify(token, knownKey).then(
      () => accepts(response, request),
      () => json(401, { title: 'Unauthorized' })(response, request),
    )
  })
  await using client = await createVonageClient(
    testConfig(stub.url, { privateKey: `${newer}\n${privateKey.replaceAll('\n', String.raw`\n`)}` }),
  )
  expect(await client.send(testMessage())).toMatchObject({ messageUuids: ['uuid-1'] })
  expect(stub.requests).toHaveLength(known(newer) === newer ? 1 : 2)
  await using wrong = await createVonageClient(testConfig(stub.url, { privateKey: newPrivateKey() + newPrivateKey() }))
  await expect(wrong.send(testMessage())).rejects.toMatchObject({ outcome: { kind: 'account' } })
})

describe('application JWT', () => {
  const key = createPublicKey(privateKey)
  test('is signed once, and again when 80 % of its life is over', async () => {
    await using stub = await startStub(accepts)
    let now = Date.UTC(2026, 0, 2)
    await using client = await createVonageClient(testConfig(stub.url, { privateKey }), { now: () => now })
    await Promise.all([client.send(testMessage()), client.send(testMessage())])
    now += 719_000
    await client.send(testMessage())
    now += 1_000
    await Promise.all([client.send(testMessage()), client.send(testMessage())])
    const tokens = stub.requests.map(({ headers }) => headers.authorization?.replace('Bearer ', '') ?? '')
    expect(new Set(tokens.slice(0, 3)).size).toBe(1)
    expect(new Set(tokens.slice(3)).size).toBe(1)
    expect(new Set(tokens).size).toBe(2)
    const claims = await Promise.all(
      [tokens[0] ?? '', tokens[3] ?? ''].map(async (token, index) => {
        const currentDate = new Date(Date.UTC(2026, 0, 2) + index * 720_000)
        const { payload, protectedHeader } = await jwtVerify(token, key, { algorithms: ['RS256'], currentDate })
        expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' })
        return payload
      }),
    )
    expect(claims[0]).toMatchObject({ application_id: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab' })
    expect((claims[0]?.exp ?? 0) - (claims[0]?.iat ?? 0)).toBe(900)
    expect(claims[0]?.jti).not.toBe(claims[1]?.jti)
  })

  test.each([
    ['escaped newlines', privateKey.replaceAll('\n', '\\n')],
    ['Windows newlines', privateKey.replaceAll('\n', '\r\n')],
    ['PKCS#1', createPrivateKey(privateKey).export({ type: 'pkcs1', format: 'pem' }).toString()],
  ])('takes a key with %s', async (_, pem) => {
    await using client = await createVonageClient(testConfig('http://127.0.0.1:1', { privateKey: pem }))
    expect(client).toBeDefined()
  })

  test('a key that is none is told at once, without repeating it', async () => {
    const broken = createVonageClient(testConfig('http://127.0.0.1:1', { privateKey: 'SECRET' }))
    await expect(broken).rejects.toThrow(/^the Vonage private key is not a PEM private key$/)
  })
})

describe('dispatch', () => {
  const workflow = { template: 'failover' as const, workflow: [] }

  test('returns the id', async () => {
    await using stub = await startStub(json(202, { dispatch_uuid: 'dispatch-1' }))
    await using client = await createVonageClient(testConfig(stub.url, { privateKey }))
    expect(await client.dispatch(workflow)).toEqual({ dispatchUuid: 'dispatch-1' })
    expect(stub.requests[0]).toMatchObject({ path: '/v0.1/dispatch', body: JSON.stringify(workflow) })
  })

  test('names the one parameter of a 400', async () => {
    const problem = { title: 'Invalid', invalid_parameters: { name: 'workflow', reason: 'is required.' } }
    await using stub = await startStub(json(400, problem))
    await using client = await createVonageClient(testConfig(stub.url, { privateKey }))
    await expect(client.dispatch(workflow)).rejects.toMatchObject({
      outcome: { reason: 'Invalid: workflow is required.' },
    })
  })
})

test.each([
  [401, '#unauthorized', 'account'],
  [401, '#unprovisioned', 'refused'],
  [402, '#low-balance', 'account'],
  [403, undefined, 'refused'],
])('Dispatch answers %i %s: %s', async (status, type, kind) => {
  await using stub = await startStub(json(status, { title: 'No', type }))
  await using client = await createVonageClient(testConfig(stub.url, { privateKey }))
  const workflow = { template: 'failover' as const, workflow: [] }
  await expect(client.dispatch(workflow)).rejects.toMatchObject({ outcome: { kind } })
})

describe('hangUp', () => {
  test.each([204, 404])('%i ends it', async (status) => {
    await using stub = await startStub((response) => response.writeHead(status).end())
    await using client = await createVonageClient(testConfig(stub.url, { privateKey }))
    await client.hangUp({ uuid: 'leg/1', regionUrl: 'https://evil.example' })
    await client.hangUp({ uuid: 'leg/1', regionUrl: 'https://api-sg-1.nexmo.com' })
    expect(stub.requests).toHaveLength(2)
    expect(stub.requests[0]).toMatchObject({ method: 'PUT', path: '/v1/calls/leg%2F1', body: '{"action":"hangup"}' })
  })

  test('tells what failed', async () => {
    await using stub = await startStub(json(401, { title: 'no' }))
    await using client = await createVonageClient(testConfig(stub.url, { privateKey }))
    await expect(client.hangUp({ uuid: 'leg' })).rejects.toBeInstanceOf(NotAcceptedError)
  })
})
