import { AlgorithmTypes } from '@vonage/auth'
import { tokenGenerate, verifySignature } from '@vonage/jwt'
import {
  MessengerCategory,
  MessengerText,
  SMS as SmsMessage,
  ViberCategory,
  ViberText,
  WhatsAppText,
} from '@vonage/messages'
import { Vonage } from '@vonage/server-sdk'
import { SMS } from '@vonage/sms'
import { NCCOBuilder, Talk } from '@vonage/voice'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { credentials, startRig, type Rig } from './testing/start.ts'

/** Vonage's own packages, unmodified, pointed at the simulator. */
let rig: Rig
let vonage: Vonage
beforeAll(async () => {
  rig = await startRig()
  const { applicationId, privateKey, apiKey, apiSecret } = credentials
  const hosts = { apiHost: rig.url, restHost: rig.url }
  vonage = new Vonage({ applicationId, privateKey, apiKey, apiSecret }, hosts)
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.world.reset()
  rig.world.account.change({ enforceWindows: false })
  rig.application.received.length = 0
})

describe('@vonage/messages', () => {
  const phone = { to: '447700900010', text: 'Hello', clientRef: 'ref-1' }
  test.each([
    ['sms', '447700900010', new SmsMessage(phone.text, phone.to, '447700900000', phone.clientRef)],
    ['whatsapp', '447700900010', new WhatsAppText({ ...phone, from: '447700900001' })],
    [
      'messenger',
      '9000000010',
      new MessengerText({
        ...phone,
        to: '9000000010',
        from: '100000001',
        messenger: { category: MessengerCategory.RESPONSE },
      }),
    ],
    [
      'viber_service',
      '447700900010',
      new ViberText({
        ...phone,
        from: 'Switchboard',
        viberService: {
          category: ViberCategory.TRANSACTION,
          ttl: 600,
          type: 'template',
          action: { url: 'https://example.com', text: 'Open' },
        },
      }),
    ],
  ] as const)('%s arrives at the phone', async (channel, address, message) => {
    const { messageUUID } = await vonage.messages.send(message)
    const status = await rig.application.next(({ body }) => body.message_uuid === messageUUID)
    expect(status.body).toMatchObject({ channel, status: 'submitted', client_ref: 'ref-1' })
    expect(rig.world.messages.thread(channel, address)[0]?.content.text).toBe('Hello')
  })

  test('a problem is understood', async () => {
    const message = new SmsMessage('Hello', 'nobody', '447700900000')
    await expect(vonage.messages.send(message)).rejects.toMatchObject({ response: { status: 422 } })
  })

  test('an inbound message is marked as read', async () => {
    const { body } = await rig.control('POST', '/phones/whatsapp/447700900010/messages', { text: 'hi' })
    await vonage.messages.updateMessage(String(body.message_uuid), 'read', { typingIndicator: 'text' })
    expect(rig.world.messages.get(String(body.message_uuid))?.status).toBe('read')
  })
})

describe('@vonage/jwt', () => {
  test('its tokens are accepted and our webhooks pass its verification', async () => {
    const token = tokenGenerate(credentials.applicationId, credentials.privateKey)
    const message = { channel: 'sms', message_type: 'text', to: '447700900010', from: '447700900000', text: 'Hello' }
    const sent = await rig.call('POST', '/v1/messages', message, { authorization: `Bearer ${token}` })
    expect(sent.status).toBe(202)
    const webhook = await rig.application.next(({ body }) => body.message_uuid === sent.body.message_uuid)
    const signed = (webhook.headers.authorization ?? '').replace('Bearer ', '')
    expect(verifySignature(signed, credentials.signatureSecret)).toBe(true)
    expect(verifySignature(signed, 'another secret')).toBe(false)
  })
})

describe('@vonage/sms', () => {
  test('a long message gives one result per part', async () => {
    const sent = await vonage.sms.send({ to: '447700900010', from: '447700900000', text: 'x'.repeat(200) })
    expect(sent.messages.map(({ status }) => status)).toEqual(['0', '0'])
  })

  test('a refused message throws', async () => {
    await expect(vonage.sms.send({ to: '12', from: '447700900000', text: 'Hello' })).rejects.toThrow()
  })

  test.each([
    ['md5hash', AlgorithmTypes.md5hash],
    ['md5', AlgorithmTypes.md5hmac],
    ['sha1', AlgorithmTypes.sha1hmac],
    ['sha256', AlgorithmTypes.sha256hmac],
    ['sha512', AlgorithmTypes.sha512hmac],
  ] as const)('its verification accepts our sig with %s', async (method, algorithm) => {
    rig.world.account.change({ smsApiDefault: 'sms', smsSignatureMethod: method })
    await rig.control('POST', '/phones/sms/447700900010/messages', { text: 'A&B=C café' })
    const { query } = await rig.application.next(({ path }) => path === '/webhooks/inbound-sms')
    const client = new SMS({ apiKey: credentials.apiKey, apiSecret: credentials.apiSecret })
    expect(client.verifySignature(query.sig ?? '', query, credentials.signatureSecret, algorithm)).toBe(true)
  })
})

describe('@vonage/voice', () => {
  test('a call is made, looked up, and hung up', async () => {
    const builder = new NCCOBuilder().addAction(new Talk('A long message. '.repeat(50)))
    const call = await vonage.voice.createOutboundCall({
      to: [{ type: 'phone', number: '447700900011' }],
      from: { type: 'phone', number: '447700900000' },
      ncco: builder.build(),
    })
    await rig.control('POST', `/calls/${call.uuid}/answer`, {})
    expect(call.conversationUUID).toMatch(/^CON-/)
    await rig.application.next(({ body }) => body.uuid === call.uuid && body.status === 'answered')
    expect(await vonage.voice.getCall(call.uuid)).toMatchObject({ status: 'answered' })
    await vonage.voice.hangupCall(call.uuid)
    await rig.application.next(({ body }) => body.uuid === call.uuid && body.status === 'completed')
  })
})
