import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { asList, asObject } from '../messages/read-body.ts'
import { credentials, startRig, type Rig } from '../testing/start.ts'
import { signParameters } from '../webhooks/sign.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.world.reset()
  rig.application.received.length = 0
})

const key = { api_key: credentials.apiKey, api_secret: credentials.apiSecret }
const message = { from: '447700900000', to: '447700900010', text: 'Hello' }
const send = (body: Record<string, string>) => rig.call('POST', '/sms/json', body)
const form = (body: Record<string, string>) =>
  rig.call('POST', '/sms/json', new URLSearchParams(body).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  })
const firstOf = (body: Record<string, unknown>) => asObject(asList(body.messages)[0])

test.each([
  ['JSON', send],
  ['form', form],
])('is accepted as %s', async (_name, how) => {
  const answer = await how({ ...key, ...message })
  expect(answer).toMatchObject({ status: 200, body: { 'message-count': '1', messages: [{ status: '0' }] } })
})

test.each([
  [{ ...message, api_key: 'wrong', api_secret: 'wrong' }, '4'],
  [{ ...key, from: 'x', to: '447700900010' }, '2'],
  [{ ...key, ...message, to: '12' }, '3'],
  [{ ...key, ...message, type: 'wappush' }, '3'],
  [{ ...key, ...message, type: 'binary' }, '2'],
  [{ ...key, ...message, type: 'binary', body: 'no hex', udh: '00' }, '3'],
  [{ ...key, ...message, type: 'binary', body: '00'.repeat(140), udh: '00' }, '12'],
  [{ ...key, ...message, from: 'Twelve letters' }, '15'],
  [{ ...key, ...message, text: 'x'.repeat(3_201) }, '12'],
  [{ ...key, ...message, callback: 'nonsense' }, '23'],
  [{ ...key, ...message, sig: 'abc', timestamp: '1' }, '32'],
  [{ ...message, api_key: key.api_key, sig: 'abc', timestamp: '1' }, '14'],
])('%o is refused inside HTTP 200', async (body, status) => {
  const answer = await send(body)
  expect(answer.status).toBe(200)
  expect(firstOf(answer.body)).toMatchObject({ status })
})

test('a signed request is accepted', async () => {
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const parameters = { ...message, api_key: key.api_key, timestamp }
  const sig = signParameters(parameters, credentials.signatureSecret, 'md5hash')
  expect(firstOf((await send({ ...parameters, sig })).body)).toMatchObject({ status: '0' })
})

test('each part has an id of its own and its own receipt', async () => {
  rig.world.account.change({ smsApiDefault: 'sms', smsWebhookFormat: 'post', smsSignatureMethod: 'sha256' })
  const { body } = await form({ ...key, ...message, text: 'x'.repeat(161), 'client-ref': 'a' })
  const ids = asList(body.messages).map((part) => asObject(part)?.['message-id'])
  expect(ids).toHaveLength(2)
  for (const id of ids) {
    const receipt = await rig.application.next((webhook) => webhook.body.messageId === id)
    expect(receipt).toMatchObject({ method: 'POST', path: '/webhooks/delivery-receipt' })
    expect(receipt.body).toMatchObject({
      status: 'delivered',
      'err-code': '0',
      msisdn: '447700900010',
      'client-ref': 'a',
    })
    const parameters = Object.fromEntries(new URLSearchParams(receipt.rawBody))
    expect(receipt.body.sig).toBe(signParameters(parameters, credentials.signatureSecret, 'sha256'))
  }
})

test.each([
  ['get', 'GET'],
  ['post', 'POST'],
  ['post-json', 'POST'],
] as const)('inbound parts come as %s', async (format, method) => {
  rig.world.account.change({ smsApiDefault: 'sms', smsWebhookFormat: format })
  await rig.control('POST', '/phones/sms/447700900010/messages', { text: `${'é'.repeat(160)}!` })
  const second = await rig.application.next(({ query, body }) => (query['concat-part'] ?? body['concat-part']) === '2')
  expect(second).toMatchObject({ method, path: '/webhooks/inbound-sms' })
  expect(format === 'get' ? second.query : second.body).toMatchObject({ concat: 'true', 'concat-total': '2' })
})

test('a scripted 429 is a throttled message', async () => {
  await rig.control('POST', '/faults', { target: 'send', kind: 'status', status: 429, retryAfter: 2 })
  expect(firstOf((await send({ ...key, ...message })).body)).toMatchObject({
    status: '1',
    'error-text': 'Throughput Rate Exceeded - please wait [ 2000 ] and retry',
  })
  expect(firstOf((await send({ ...key, ...message })).body)).toMatchObject({ status: '0' })
})

test('a binary SMS arrives as bytes, and one from a phone with its header', async () => {
  rig.world.account.change({ smsApiDefault: 'sms' })
  const { text: _text, ...rest } = message
  const { body } = await send({ ...key, ...rest, type: 'binary', body: '0011ff', udh: '06050415811581' })
  expect(firstOf(body)).toMatchObject({ status: '0' })
  const thread = (await rig.control('GET', '/phones/sms/447700900010/messages')).body
  expect(thread.messages).toMatchObject([{ type: 'binary', binary: { data: '0011FF', udh: '06050415811581' } }])
  await rig.control('POST', '/phones/sms/447700900010/messages', { type: 'binary', data: 'ABCD', udh: '0003' })
  const { query } = await rig.application.next(({ path }) => path === '/webhooks/inbound-sms')
  expect(query).toMatchObject({ type: 'binary', data: 'ABCD', udh: '0003', msisdn: '447700900010' })
  expect(query).not.toHaveProperty('text')
})

test('in the format of the Messages API there is no binary SMS', async () => {
  const answer = await rig.control('POST', '/phones/sms/447700900010/messages', { type: 'binary', data: '00', udh: '' })
  expect(answer.status).toBe(422)
})
