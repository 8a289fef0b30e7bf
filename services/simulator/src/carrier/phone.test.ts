import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { asObject } from '../messages/read-body.ts'
import { eventually } from '../testing/eventually.ts'
import { startRig, type Rig } from '../testing/start.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.world.reset()
  rig.application.received.length = 0
})

const phone = (channel: string, body: object, address = '447700900010') =>
  rig.control('POST', `/phones/${channel}/${address}/messages`, body)
const inbound = async () => (await rig.application.next(({ path }) => path === '/webhooks/inbound')).body

test.each([
  ['sms', { text: 'msft please' }, { from: '447700900010', to: '447700900000', text: 'msft please' }],
  ['sms', { text: 'msft please' }, { sms: { num_messages: '1', keyword: 'MSFT' } }],
  ['whatsapp', { text: 'hi' }, { profile: { name: 'Alice' }, context_status: 'none', message_type: 'text' }],
  ['whatsapp', { text: 'hi', quoted: 'gone' }, { context_status: 'unavailable' }],
  [
    'whatsapp',
    { location: { lat: 51.5, long: -0.1 } },
    { message_type: 'location', location: { lat: 51.5, long: -0.1 } },
  ],
  [
    'whatsapp',
    { reaction: { emoji: '👍', to: 'x' } },
    { message_type: 'reaction', reaction: { action: 'react', emoji: '👍' } },
  ],
  [
    'whatsapp',
    { type: 'image', url: 'https://example.com/a.jpg', text: 'Look' },
    { message_type: 'image', image: { url: 'https://example.com/a.jpg', caption: 'Look' } },
  ],
  ['whatsapp', { type: 'unsupported' }, { message_type: 'unsupported' }],
  ['viber_service', { text: 'hi', quoted: 'x' }, { to: 'Switchboard', context: { message_uuid: 'x' } }],
  ['viber_service_msg', { text: 'hi' }, { channel: 'viber_service' }],
  ['whatsapp', { text: 'hi', messageUuid: 'chosen' }, { message_uuid: 'chosen' }],
  ['whatsapp', { text: 'hi', to: '447700900555' }, { to: '447700900555' }],
])('%s %j', async (channel, sent, expected) => {
  expect((await phone(channel, sent)).status).toBe(200)
  expect(await inbound()).toMatchObject(expected)
})

test('v0.1 has its own shape', async () => {
  rig.world.account.change({ webhookVersion: 'v0.1' })
  await phone('messenger', { text: 'GOOGL' }, '9000000001')
  expect(await inbound()).toMatchObject({
    from: { type: 'messenger', id: '9000000001' },
    to: { type: 'messenger', id: '100000001' },
    message: { content: { type: 'text', text: 'GOOGL' } },
    direction: 'inbound',
  })
})

test('parts can come alone and in another order', async () => {
  rig.world.account.change({ smsApiDefault: 'sms', smsWebhookFormat: 'post-json' })
  await phone('sms', { text: 'second', concat: { ref: 7, total: 2, part: 2 } })
  const part = await rig.application.next(({ body }) => body.text === 'second')
  expect(part.body).toMatchObject({ concat: 'true', 'concat-ref': '7', 'concat-total': '2', 'concat-part': '2' })
})

test.each([
  ['sms', '+447700900010', { text: 'x' }, 'address'],
  ['pigeon', '447700900010', { text: 'x' }, 'channel'],
  ['sms', '447700900010', {}, 'text'],
  ['sms', '447700900010', { type: 'image' }, 'url'],
  ['sms', '447700900010', { txt: 'x' }, ''],
])('%s %s %j is refused by name: %s', async (channel, address, body, name) => {
  const answer = await phone(channel, body, address)
  expect(answer).toMatchObject({ status: 422, body: { invalid_parameters: [{ name }] } })
})

test('Opt-Out Assist answers, keeps its list, and forwards the message', async () => {
  rig.world.account.change({ optOutAssist: true })
  await phone('sms', { text: 'stop' })
  expect((await inbound()).text).toBe('stop')
  await eventually(() => rig.world.messages.thread('sms', '447700900010').at(-1)?.status).toBe('delivered')
  const message = { channel: 'sms', message_type: 'text', to: '447700900010', from: '447700900000', text: 'Hello' }
  const { body } = await rig.vonage('POST', '/v1/messages', message)
  const rejected = await rig.application.next((webhook) => webhook.body.message_uuid === body.message_uuid)
  expect(asObject(rejected.body.error)).toMatchObject({ title: '1240' })
  expect((await rig.control('GET', '/opt-outs')).body).toEqual({
    optOuts: [{ sender: '447700900000', address: '447700900010' }],
  })
  await phone('sms', { text: 'START' })
  expect((await rig.control('GET', '/opt-outs')).body).toEqual({ optOuts: [] })
})
