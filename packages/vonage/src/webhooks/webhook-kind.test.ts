import { expect, test } from 'vitest'

import { messagesWebhookKind, smsWebhookKind } from './webhook-kind.ts'

const id = { message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab', timestamp: '2026-01-02T03:04:05Z' }

test.each([
  [{ ...id, channel: 'sms', message_type: 'text', text: 'hi' }, 'inbound'],
  [{ ...id, from: { type: 'sms', number: '1' }, message: { content: { type: 'text', text: 'hi' } } }, 'inbound'],
  [{ ...id, channel: 'sms', status: 'delivered' }, 'status'],
  [{ dispatch_uuid: 'x', status: 'completed' }, 'status'],
  [{ ...id }, undefined],
  [undefined, undefined],
  ['delivered', undefined],
])('of the Messages API: %j is %s', (body, expected) => {
  expect(messagesWebhookKind(body)).toBe(expected)
})

const sms = { msisdn: '447700900010', to: '447700900000', messageId: '0B1200003456ABCD' }

test.each([
  [{ ...sms, text: '', type: 'text' }, 'inbound'],
  [{ ...sms, type: 'binary', data: 'ff' }, 'inbound'],
  [{ ...sms, status: 'delivered', 'err-code': '0', scts: '2601020304' }, 'status'],
  [{ ...sms }, undefined],
  [{}, undefined],
])('of the SMS API: %j is %s', (params, expected) => {
  expect(smsWebhookKind(params)).toBe(expected)
})
