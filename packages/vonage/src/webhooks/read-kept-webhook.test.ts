import { expect, it } from 'vitest'

import { readKeptWebhook } from './read-kept-webhook.ts'

const kept = {
  id: 'webhook_1',
  method: 'POST',
  contentType: 'application/json',
  problem: 'x',
  receivedAt: 1_700_000_000_000,
}
const uuid = 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab'
const message = { message_uuid: uuid, channel: 'sms', from: '447700900010', to: '447700900000', message_type: 'text' }
const form = 'application/x-www-form-urlencoded'

it.each([
  ['/webhooks/inbound', { body: JSON.stringify({ ...message, text: 'hi' }) }, { kind: 'inbound', value: { id: uuid } }],
  ['/webhooks/inbound', { body: '{"hello":1}' }, { kind: 'unrecognised' }],
  ['/webhooks/inbound', { body: 'no json' }, { kind: 'unrecognised' }],
  ['/webhooks/inbound', { body: JSON.stringify({ ...message, channel: 'rcs' }) }, { kind: 'ignored' }],
  ['/webhooks/status', { body: JSON.stringify({ message_uuid: uuid, status: 'read' }) }, { kind: 'status' }],
  [
    '/update',
    { method: 'GET', contentType: '', body: 'msisdn=447700900010&messageId=1&to=447700900000&text=a%20b' },
    { kind: 'inbound', value: { text: 'a b' } },
  ],
  [
    '/webhooks/inbound-sms',
    { contentType: form, body: 'msisdn=447700900010&messageId=1&to=447700900000&text=a' },
    { kind: 'inbound' },
  ],
  ['/webhooks/inbound-sms', { body: 'msisdn=447700900010&messageId=1&to=447700900000&text=a' }, { kind: 'inbound' }],
  ['/webhooks/delivery-receipt', { body: '{"messageId":"1","status":"delivered"}' }, { kind: 'status' }],
  [
    '/webhooks/events',
    { body: JSON.stringify({ uuid, status: 'completed', conversation_uuid: 'CON-1' }) },
    { kind: 'call-event' },
  ],
  ['/nowhere', { body: '{}' }, { kind: 'unrecognised', problem: 'route: nothing reads /nowhere' }],
])('reads what came at %s: %j', (route, request, expected) => {
  expect(readKeptWebhook({ ...kept, route, ...request })).toMatchObject(expected)
})

it('takes the time at which it came, not the one at which it is read', () => {
  const read = readKeptWebhook({
    ...kept,
    route: '/webhooks/inbound',
    body: JSON.stringify({ ...message, text: 'hi' }),
  })
  expect(read).toMatchObject({ value: { receivedAt: kept.receivedAt, sentAt: kept.receivedAt } })
})
