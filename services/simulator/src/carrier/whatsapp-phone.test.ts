import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

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

const url = 'https://example.com/a.webp'
const contact = { name: { formatted_name: 'Tony' }, phones: [{ phone: '+447700900011' }] }
const order = { catalog_id: 'c', product_items: [{ product_retailer_id: 'p', quantity: '1' }] }
const hear = async (address: string, message: object) => {
  const { status, body } = await rig.control('POST', `/phones/whatsapp/${address}/messages`, message)
  expect(status).toBe(200)
  return (await rig.application.next((webhook) => webhook.body.message_uuid === body.message_uuid)).body
}

test.each([
  [
    { type: 'sticker', url },
    { message_type: 'sticker', sticker: { url } },
  ],
  [{ location: { lat: 1, long: 2, name: 'here' } }, { message_type: 'location', location: { lat: 1, long: 2 } }],
  [{ contacts: [contact] }, { message_type: 'contacts', contacts: [contact] }],
  [{ order }, { message_type: 'order', order }],
  [{ reaction: { emoji: '👍', to: 'x' } }, { message_type: 'reaction', reaction: { action: 'react', emoji: '👍' } }],
  [{ reaction: { emoji: '', to: 'x' } }, { message_type: 'reaction', reaction: { action: 'unreact' } }],
  [
    { reply: { id: 'a', title: 'One', description: 'the first' } },
    { message_type: 'reply', reply: { id: 'a', title: 'One', description: 'the first' } },
  ],
  [{ type: 'unsupported' }, { message_type: 'unsupported' }],
])('a phone sends %j', async (sent, expected) => {
  expect(await hear('447700900010', sent)).toMatchObject({ channel: 'whatsapp', from: '447700900010', ...expected })
})

test('a Flow that was filled in is a reply without a title, with what WhatsApp says of it beside', async () => {
  const webhook = await hear('447700900010', { flow: { flow_token: 'token', day: 'Monday' } })
  expect(webhook).toMatchObject({ message_type: 'reply', reply: {} })
  const { nfm_reply: answer } = JSON.parse(String(webhook.provider_message))
  expect(JSON.parse(answer.response_json)).toEqual({ flow_token: 'token', day: 'Monday' })
})

test('somebody with a user id instead of a number writes, is answered, and reads', async () => {
  const id = 'GB.13491208655302741918'
  expect(await hear(id, { text: 'hi' })).toMatchObject({ from: id, whatsapp: { sender: { user_id: id } } })
  const answer = { channel: 'whatsapp', message_type: 'text', to: id, from: '447700900001', text: 'Hello' }
  const { status, body } = await rig.vonage('POST', '/v1/messages', answer)
  expect(status).toBe(202)
  const delivered = await rig.application.next(
    ({ body: { message_uuid: uuid, status: reached } }) => uuid === body.message_uuid && reached === 'delivered',
  )
  expect(delivered.body).toMatchObject({ to: id, whatsapp: { recipient: { user_id: id } } })
  expect(rig.world.people.find(id)).toMatchObject({ number: null, messenger: null, userId: id })
  expect((await rig.vonage('POST', '/v1/messages', { ...answer, channel: 'sms', from: '447700900000' })).status).toBe(
    422,
  )
})

test('a template with a picture is refused without one, and shown with it', async () => {
  const template = { name: 'parcel', language: { code: 'en' } }
  const parameters = ['17', 'today'].map((text) => ({ type: 'text', text }))
  const body = { type: 'body', parameters }
  const header = { type: 'header', parameters: [{ type: 'image', image: { link: url } }] }
  const send = (components: object[]) => {
    const custom = { type: 'template', template: { ...template, components } }
    return rig.vonage('POST', '/v1/messages', {
      channel: 'whatsapp',
      message_type: 'custom',
      to: '447700900999',
      from: '447700900001',
      custom,
    })
  }
  const ending = async (uuid: unknown) =>
    rig.application.next(({ body: { message_uuid: id, status } }) => id === uuid && status !== 'submitted')
  const without = await send([body])
  expect((await ending(without.body.message_uuid)).body).toMatchObject({ status: 'rejected', error: { title: '1022' } })
  const complete = await send([header, body])
  expect((await ending(complete.body.message_uuid)).body).toMatchObject({ status: 'delivered' })
  const shown = (await rig.control('GET', '/phones/whatsapp/447700900999/messages')).body
  expect(shown.messages).toMatchObject([{}, { media: { kind: 'image', url }, buttons: [{}, {}, {}] }])
})
