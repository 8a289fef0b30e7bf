import { generateKeyPairSync } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { credentials, startRig, tokenFor, type Rig } from '../testing/start.ts'

const sms = { channel: 'sms', message_type: 'text', to: '447700900010', from: '447700900000', text: 'Hello' }
const whatsapp = { channel: 'whatsapp', message_type: 'text', to: '447700900010', from: '447700900001', text: 'Hello' }
const messenger = { channel: 'messenger', message_type: 'text', to: '9000000010', from: '100000001', text: 'Hello' }
const viber = { channel: 'viber_service', message_type: 'text', to: '447700900010', from: 'Switchboard', text: 'Hello' }

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.world.reset()
  rig.application.received.length = 0
})

const statusesOf = (id: unknown) =>
  rig.application.received.filter(({ body }) => body.message_uuid === id).map(({ body }) => body.status)
const statusOf = (id: unknown, status: string) =>
  rig.application.next(({ body }) => body.message_uuid === id && body.status === status)

describe('credentials', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const now = Math.floor(Date.now() / 1_000)
  test.each([
    ['none', async () => ''],
    ['garbage', async () => 'Bearer abc'],
    ['another key', async () => `Bearer ${await tokenFor({}, stranger.toString())}`],
    ['another application', async () => `Bearer ${await tokenFor({ application_id: 'other' })}`],
    ['expired', async () => `Bearer ${await tokenFor({ exp: now - 60, iat: now - 120 })}`],
    ['older than 15 minutes without exp', async () => `Bearer ${await tokenFor({ iat: now - 1_000 })}`],
    ['longer than a day', async () => `Bearer ${await tokenFor({ exp: now + 90_000 })}`],
    ['from the future', async () => `Bearer ${await tokenFor({ iat: now + 300 })}`],
    ['wrong secret', async () => `Basic ${Buffer.from(`${credentials.apiKey}:no`).toString('base64')}`],
  ])('%s is refused', async (_name, header) => {
    const answer = await rig.call('POST', '/v1/messages', sms, { authorization: await header() })
    expect(answer).toMatchObject({ status: 401, body: { title: 'You did not provide correct credentials.' } })
  })

  test('Basic is accepted, and its webhooks name no application', async () => {
    const basic = Buffer.from(`${credentials.apiKey}:${credentials.apiSecret}`).toString('base64')
    const sent = await rig.call('POST', '/v1/messages', sms, { authorization: `Basic ${basic}` })
    expect(sent.status).toBe(202)
    const webhook = await statusOf(sent.body.message_uuid, 'submitted')
    const claims = JSON.parse(Buffer.from(webhook.headers.authorization?.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ iss: 'Vonage', api_key: 'abcd1234' })
    expect(claims).not.toHaveProperty('application_id')
  })
})

describe('statuses', () => {
  test('SMS is submitted, delivered and never read', async () => {
    const { body } = await rig.vonage('POST', '/v1/messages', { ...sms, client_ref: 'feed-42' })
    const delivered = await statusOf(body.message_uuid, 'delivered')
    expect(delivered.body).toMatchObject({ channel: 'sms', client_ref: 'feed-42', sms: { count_total: '1' } })
    expect(await rig.control('POST', '/phones/sms/447700900010/read', {})).toMatchObject({ body: { read: 0 } })
    expect(statusesOf(body.message_uuid)).toEqual(['submitted', 'delivered'])
  })

  test('opening a WhatsApp thread before the message has arrived reads it as soon as it has', async () => {
    await rig.control('PUT', '/phones/whatsapp/447700900010/window', {})
    const { body } = await rig.vonage('POST', '/v1/messages', whatsapp)
    await rig.control('POST', '/phones/whatsapp/447700900010/read', {})
    await statusOf(body.message_uuid, 'read')
    expect(rig.world.messages.get(String(body.message_uuid))?.history.map((change) => change.status)).toEqual([
      'accepted',
      'submitted',
      'delivered',
      'read',
    ])
  })

  test.each([
    ['whatsapp outside the window', { ...whatsapp, to: '447700900777' }, 'rejected', '1340'],
    ['messenger outside the window', { ...messenger, to: '9000000777' }, 'rejected', '1340'],
    ['a sender that is not ours', { ...viber, from: 'Stranger' }, 'rejected', '1120'],
  ])('%s', async (_name, message, status, code) => {
    const { body } = await rig.vonage('POST', '/v1/messages', message)
    const webhook = await statusOf(body.message_uuid, status)
    expect(webhook.body.error).toMatchObject({ title: code })
  })

  test('a phone that is off gets its messages when it is on again, or not at all after their time to live', async () => {
    await rig.control('PUT', '/phones/447700900010/switches', { power: false })
    const first = await rig.vonage('POST', '/v1/messages', { ...sms, ttl: 60 })
    await statusOf(first.body.message_uuid, 'submitted')
    rig.world.clock.step(61_000)
    expect((await statusOf(first.body.message_uuid, 'rejected')).body.error).toMatchObject({ title: '1360' })
    const second = await rig.vonage('POST', '/v1/messages', sms)
    await statusOf(second.body.message_uuid, 'submitted')
    rig.world.clock.step(1_000)
    await rig.control('PUT', '/phones/447700900010/switches', { power: true })
    await statusOf(second.body.message_uuid, 'delivered')
  })

  test('failover sends the next message only after a rejection, within one workflow', async () => {
    await rig.control('PUT', '/phones/447700900010/switches', { roaming: true })
    const failover = [{ ...sms, to: '447700900012' }]
    const { body } = await rig.vonage('POST', '/v1/messages', { ...viber, failover })
    expect(body.workflow_id).toHaveLength(55)
    await statusOf(body.message_uuid, 'rejected')
    const second = await rig.application.next(
      ({ body: { to, status } }) => to === '447700900012' && status === 'delivered',
    )
    expect(second.body.workflow).toEqual({ workflow_id: body.workflow_id, items_number: '2', items_total: '2' })
  })

  test('v0.1 in, v0.1 out when the request asks for it', async () => {
    const { body } = await rig.vonage('POST', '/v1/messages', { ...viber, webhook_version: 'v0.1' })
    const webhook = await statusOf(body.message_uuid, 'delivered')
    expect(webhook.body.to).toEqual({ type: 'viber_service_msg', number: '447700900010' })
    expect(webhook.body.from).toEqual({ type: 'viber_service_msg', id: 'Switchboard' })
  })
})

describe('validation', () => {
  test.each([
    [{ ...sms, channel: 'fax' }, 'Unsupported channel'],
    [{ ...sms, to: '+447700900010' }, 'Invalid recipient'],
    [{ ...sms, from: 'Twelve letters' }, 'Invalid sender'],
    [{ ...sms, message_type: 'image' }, 'Invalid message type'],
    [{ ...sms, text: '' }, 'Invalid params'],
    [{ ...messenger, text: 'x'.repeat(641) }, 'Invalid params'],
    [{ ...whatsapp, message_type: 'image', image: { url: 'nonsense' } }, 'Invalid params'],
    [{ ...whatsapp, message_type: 'template', template: { name: 'a:b' } }, 'Invalid channel parameters'],
    [{ ...messenger, messenger: { category: 'message_tag' } }, 'Invalid channel parameters'],
    [{ ...viber, viber_service: { ttl: 5 } }, 'Invalid channel parameters'],
    [{ ...sms, client_ref: 'x'.repeat(101) }, 'Invalid client reference'],
    ['{"channel":', 'The request body did not contain valid JSON'],
  ])('%o', async (message, title) => {
    expect(await rig.vonage('POST', '/v1/messages', message)).toMatchObject({ status: 422, body: { title } })
  })

  test('v0.1 answers 400 and names the field', async () => {
    const message = { from: { type: 'sms', number: '447700900000' }, to: { type: 'sms', number: 'x' }, message: {} }
    const answer = await rig.vonage('POST', '/v0.1/messages', message)
    expect(answer).toMatchObject({ status: 400, body: { invalid_parameters: [{ name: 'to.number' }] } })
  })

  test('the old template parameters are understood', async () => {
    const answer = await rig.vonage('POST', '/v0.1/messages', {
      from: { type: 'whatsapp', number: '447700900001' },
      to: { type: 'whatsapp', number: '447700900010' },
      message: {
        content: {
          type: 'template',
          template: { name: 'switchboard:verify', parameters: [{ default: 'Acme' }, { default: '4711' }, '10'] },
        },
        whatsapp: { policy: 'deterministic', locale: 'en-GB' },
      },
    })
    await statusOf(answer.body.message_uuid, 'delivered')
    const [message] = rig.world.messages.thread('whatsapp', '447700900010')
    expect(message?.content.text).toBe('Acme code: 4711. Valid for 10 minutes.')
  })
})

test('PATCH marks an inbound WhatsApp message as read', async () => {
  const sent = await rig.control('POST', '/phones/whatsapp/447700900010/messages', { text: 'msft please' })
  const id = String(sent.body.message_uuid)
  expect(await rig.vonage('PATCH', `/v1/messages/${id}`, { status: 'read' })).toMatchObject({ status: 202, text: '' })
  expect(rig.world.messages.get(id)?.status).toBe('read')
  expect((await rig.vonage('PATCH', '/v1/messages/none', { status: 'read' })).status).toBe(404)
})

test('a forced encoding decides the parts and what the phone shows', async () => {
  const text = 'é'.repeat(80)
  const unicode = await rig.vonage('POST', '/v1/messages', { ...sms, text, sms: { encoding_type: 'unicode' } })
  expect((await statusOf(unicode.body.message_uuid, 'submitted')).body.sms).toEqual({ count_total: '2' })
  await rig.vonage('POST', '/v1/messages', { ...sms, text: '価格', sms: { encoding_type: 'text' } })
  expect(rig.world.messages.thread('sms', '447700900010').map(({ content }) => content.text)).toContain('??')
})

test('a page of another site may not drive the simulator', async () => {
  const headers = { origin: 'http://evil.example' }
  expect((await rig.call('POST', '/control/reset', undefined, headers)).status).toBe(403)
  expect((await rig.call('POST', '/control/reset', undefined, { origin: rig.url })).status).toBe(200)
})

describe('whatever is asked', () => {
  test.each([
    ['POST', '/v1/message', 'perhaps POST /v1/messages'],
    ['GET', '/v1/messages', 'perhaps POST /v1/messages'],
    ['POST', '/v2/verify', "perhaps Vonage's Verify API, which the simulator does not have"],
  ])('%s %s is in the log with what it might have been', async (method, path, guess) => {
    const body = method === 'GET' ? undefined : { any: 'thing' }
    const answer = await rig.vonage(method, path, body)
    expect(answer).toMatchObject({ status: 404, body: { title: 'Not Found', instance: expect.any(String) } })
    expect(answer.headers.get('content-type')).toMatch(/^application.problem.json/)
    expect(answer.body.detail).toContain(guess)
    expect(rig.world.log.list().at(-1)).toMatchObject({
      method,
      url: path,
      status: 404,
      verdict: `unknown, ${guess}`,
      isVerified: false,
    })
    expect(rig.world.log.list().at(-1)?.body).toBe(body === undefined ? '' : JSON.stringify(body))
  })

  test('a request that is too large to be read is in it, too', async () => {
    const answer = await rig.vonage('POST', '/v1/messages', { ...sms, text: 'x'.repeat(1_100_000) })
    expect(answer).toMatchObject({ status: 413, body: { title: 'Bad Request' } })
    expect(rig.world.log.list().at(-1)).toMatchObject({ url: '/v1/messages', status: 413 })
  })

  test('what the page asks for itself is not', async () => {
    await rig.call('GET', '/favicon.ico')
    await rig.control('GET', '/nothing')
    expect(rig.world.log.list().at(-1)).toBeUndefined()
  })

  test('an inbound message links to the simulator itself', async () => {
    await rig.control('POST', '/phones/whatsapp/447700900010/messages', { text: 'hi' })
    const { body } = await rig.application.next(({ path }) => path === '/webhooks/inbound')
    expect(body._self).toEqual({ href: `${rig.url}/v1/messages/${String(body.message_uuid)}` })
  })
})

test('an account with a rate says in headers what is left of it, and when it is over', async () => {
  rig.world.account.change({ ratePerSecond: 1 })
  const [first, second] = [await rig.vonage('POST', '/v1/messages', sms), await rig.vonage('POST', '/v1/messages', sms)]
  expect(first.status).toBe(202)
  expect(first.headers.get('x-ratelimit-limit')).toBe('1')
  expect(second).toMatchObject({ status: 429, body: { title: 'Rate Limit Hit' } })
  expect(second.headers.get('x-ratelimit-remaining')).toBe('0')
  expect(second.headers.get('retry-after')).toBe('1')
  expect(Number(second.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() - 1_000)
})
