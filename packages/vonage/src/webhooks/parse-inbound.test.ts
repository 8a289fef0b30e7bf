import { describe, expect, test } from 'vitest'

import { parseInbound } from './parse-inbound.ts'

const RECEIVED_AT = Date.UTC(2026, 0, 2, 3, 4, 10)
const SENT_AT = Date.UTC(2026, 0, 2, 3, 4, 5)

const v1 = {
  channel: 'sms',
  message_uuid: 'uuid-1',
  to: '447700900000',
  from: '447700900001',
  timestamp: '2026-01-02T03:04:05Z',
  message_type: 'text',
  text: 'MSFT please',
}
const whatsapp = {
  ...v1,
  channel: 'whatsapp',
  profile: { name: 'Test User' },
  context_status: 'none',
  _self: { href: 'https://api-eu.vonage.com/v1/messages/uuid-1' },
}
const { text: _text, ...bare } = whatsapp
const parsed = {
  id: 'uuid-1',
  channel: 'sms',
  from: '447700900001',
  to: '447700900000',
  kind: 'text',
  text: 'MSFT please',
  sentAt: SENT_AT,
  receivedAt: RECEIVED_AT,
}
const PICTURE = 'https://api-us.nexmo.com/v3/media/1b456509'
const picture = { url: PICTURE, expiresAt: RECEIVED_AT + 2 * 86_400_000 }
const available = { context_status: 'available', context: { message_uuid: 'ours', message_from: '447700900000' } }
const v01 = (type: string, from: object, to: object, content: object = { type: 'text', text: 'MSFT please' }) => ({
  message_uuid: 'uuid-1',
  timestamp: '2026-01-02T03:04:05.000Z',
  direction: 'inbound',
  from: { type, ...from },
  to: { type, ...to },
  message: { content },
})

describe('parsed', () => {
  test.each<[string, unknown, object]>([
    ['v1 SMS', { ...v1, sms: { num_messages: '2', keyword: 'MSFT' }, usage: { price: '0.1' } }, {}],
    ['v1 SMS without a type', { ...v1, message_type: undefined }, {}],
    ['an MMS is the same phone', { ...v1, channel: 'mms' }, {}],
    ['v1 WhatsApp', whatsapp, { channel: 'whatsapp' }],
    ['a business-scoped id', { ...whatsapp, from: 'US.1349a_7' }, { channel: 'whatsapp', from: 'US.1349a_7' }],
    [
      'v1 Messenger',
      { ...v1, channel: 'messenger', from: '9007199254740993' },
      { channel: 'messenger', from: '9007199254740993' },
    ],
    ['v1 Viber', { ...v1, channel: 'viber_service', to: 'Service' }, { channel: 'viber_service', to: 'Service' }],
    ['a plus sign', { ...v1, from: '+447700900001' }, {}],
    ['no timestamp', { ...v1, timestamp: undefined }, { sentAt: RECEIVED_AT }],
    ['a timestamp of no style', { ...v1, timestamp: 'now' }, { sentAt: RECEIVED_AT }],
    ['an old timestamp style', { ...v1, timestamp: '2026-01-02 03:04:05 UTC' }, {}],
    ['an empty text', { ...v1, text: '' }, { text: '' }],
    ['an address as a number', { ...v1, from: 447700900001 }, {}],
    [
      'a reply',
      { ...bare, message_type: 'reply', reply: { id: 'x', title: '1', description: 'd' } },
      { channel: 'whatsapp', text: '1', payload: 'x' },
    ],
    [
      'a button',
      { ...bare, message_type: 'button', button: { payload: 'p', text: 'STOP' } },
      { channel: 'whatsapp', text: 'STOP', payload: 'p' },
    ],
    [
      'a Messenger quick reply, which may have no title',
      { ...bare, channel: 'messenger', from: '9007199254740993', message_type: 'reply', reply: { id: '2' } },
      { channel: 'messenger', from: '9007199254740993', text: '2', payload: '2' },
    ],
    [
      'a button without a title',
      { ...bare, message_type: 'button', button: { payload: 'STOP' } },
      { channel: 'whatsapp', text: 'STOP', payload: 'STOP' },
    ],
    [
      'an image',
      { ...bare, message_type: 'image', image: { url: PICTURE, caption: 'MSFT', name: 'a.jpg' } },
      { channel: 'whatsapp', kind: 'image', text: null, caption: 'MSFT', media: { ...picture, name: 'a.jpg' } },
    ],
    [
      'a sticker',
      { ...bare, message_type: 'sticker', sticker: { url: PICTURE } },
      { channel: 'whatsapp', kind: 'sticker', text: null, media: picture },
    ],
    [
      'an address of a picture that no browser should open',
      { ...bare, message_type: 'image', image: { url: 'javascript:alert(1)' } },
      { channel: 'whatsapp', kind: 'image', text: null },
    ],
    [
      'an MMS with a card',
      { ...v1, channel: 'mms', message_type: 'vcard', vcard: { url: PICTURE }, text: undefined },
      { kind: 'vcard', text: null, media: picture },
    ],
    [
      'an MMS with several attachments',
      {
        ...v1,
        channel: 'mms',
        text: undefined,
        message_type: 'content',
        content: [
          { type: 'image', url: PICTURE, caption: 'stop' },
          { type: 'video', url: PICTURE },
        ],
      },
      { kind: 'image', text: null, caption: 'stop', media: picture },
    ],
    [
      'a Viber file',
      { ...bare, channel: 'viber_service', to: 'Service', message_type: 'file', file: { url: PICTURE, name: 'b.pdf' } },
      { channel: 'viber_service', to: 'Service', kind: 'file', text: null, media: { ...picture, name: 'b.pdf' } },
    ],
    [
      'a reaction to one of our messages',
      { ...bare, message_type: 'reaction', reaction: { action: 'react', emoji: '👍' }, ...available },
      { channel: 'whatsapp', kind: 'reaction', text: null, emoji: '👍', quotes: 'ours' },
    ],
    [
      'a reaction that is taken back',
      { ...bare, message_type: 'reaction', reaction: { action: 'unreact' }, ...available },
      { channel: 'whatsapp', kind: 'unreaction', text: null, quotes: 'ours' },
    ],
    ['a text that quotes', { ...whatsapp, ...available }, { channel: 'whatsapp', quotes: 'ours' }],
    [
      'a Flow that was filled in',
      { ...bare, message_type: 'reply', reply: {} },
      { channel: 'whatsapp', kind: 'reply', text: null },
    ],
    [
      'what the provider cannot show',
      { ...bare, message_type: 'unsupported' },
      { channel: 'whatsapp', kind: 'unsupported', text: null },
    ],
    [
      'a Messenger postback',
      { ...bare, channel: 'messenger', from: '42', message_type: 'postback', postback: { title: 'Later', payload: 2 } },
      { channel: 'messenger', from: '42', text: 'Later', payload: '2' },
    ],
    [
      'a text with the payload of a Messenger quick reply',
      { ...v1, channel: 'messenger', from: '42', quick_reply: { payload: '2' } },
      { channel: 'messenger', from: '42', payload: '2' },
    ],
    [
      'v0.1 unsupported',
      v01('viber_service_msg', { number: '447700900001' }, { id: 'S' }, { type: 'unsupported' }),
      { channel: 'viber_service', to: 'S', kind: 'unsupported', text: null },
    ],
    [
      'a location',
      { ...bare, message_type: 'location', location: { lat: 1, long: 2 } },
      { channel: 'whatsapp', kind: 'location', text: null },
    ],
    [
      'contacts',
      { ...bare, message_type: 'contacts', contacts: [] },
      { channel: 'whatsapp', kind: 'contacts', text: null },
    ],
    [
      'a type of the future',
      { ...bare, message_type: 'hologram' },
      { channel: 'whatsapp', kind: 'hologram', text: null },
    ],
    ['v0.1 SMS', v01('sms', { number: '447700900001' }, { number: '447700900000' }), {}],
    ['v0.1 WhatsApp', v01('whatsapp', { number: '447700900001' }, { number: '447700900000' }), { channel: 'whatsapp' }],
    ['v0.1 Messenger', v01('messenger', { id: '42' }, { id: '43' }), { channel: 'messenger', from: '42', to: '43' }],
    [
      'v0.1 Viber',
      v01('viber_service_msg', { number: '447700900001' }, { id: 'Service' }),
      { channel: 'viber_service', to: 'Service' },
    ],
    [
      'v0.1 image',
      v01('messenger', { id: '42' }, { id: '43' }, { type: 'image', image: {} }),
      { channel: 'messenger', from: '42', to: '43', kind: 'image', text: null },
    ],
    [
      'v0.1 without a type',
      v01('sms', { number: '447700900001' }, { number: '447700900000' }, { text: 'MSFT please' }),
      {},
    ],
  ])('%s', (_, body, changes) => {
    expect(parseInbound(body, RECEIVED_AT)).toEqual({ kind: 'parsed', value: { ...parsed, ...changes } })
  })
})

test('RCS is ignored', () => {
  expect(parseInbound({ ...v1, channel: 'rcs' }, RECEIVED_AT)).toEqual({ kind: 'ignored', reason: expect.any(String) })
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['text', 'hello'],
  ['a list', [v1]],
  ['an empty object', {}],
  ['a status', { message_uuid: 'x', status: 'read', from: '1', to: '2', timestamp: 'x', channel: 'sms' }],
  ['another channel', { ...v1, channel: 'pigeon' }],
  ['a short code that cannot be answered', { ...v1, from: '12345' }],
  ['a sender with a name', { ...v1, from: 'VODAFONE' }],
  ['a business-scoped id on SMS', { ...v1, from: 'US.1349' }],
  ['a number that lost digits', { ...v1, channel: 'messenger', from: Number('9007199254740993') }],
  ['no sender', { ...v1, from: undefined }],
  ['a sender of null', { ...v1, from: null }],
  ['text without text', { ...bare, message_type: 'text' }],
  ['an id that is too long', { ...v1, message_uuid: 'x'.repeat(101) }],
  ['v0.1 without content', { ...v01('sms', { number: '447700900001' }, { number: '447700900000' }), message: {} }],
  ['v0.1 without an address', v01('sms', {}, {})],
])('unrecognised: %s', (_, body) => {
  const result = parseInbound(body, RECEIVED_AT)
  expect(result).toEqual({ kind: 'unrecognised', problem: expect.any(String) })
  expect(JSON.stringify(result)).not.toMatch(/4477|VODAFONE|MSFT/)
})
