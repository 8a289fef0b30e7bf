import { contentProblems } from '@switchboard/contracts'
import type { Channel, MessageContent, MessageOptions } from '@switchboard/contracts'
import { describe, expect, test } from 'vitest'

import { v01Body, v1Body } from '../message-bodies.ts'
import { testMessage } from '../testing/stub-vonage.ts'

const url = 'https://example.com/a'
const image: MessageContent = { type: 'image', url, caption: 'Look' }
const video: MessageContent = {
  type: 'video',
  url,
  caption: 'Look',
  thumbUrl: 'https://example.com/t',
  durationSeconds: 12,
  megabytes: 3,
}
const file: MessageContent = { type: 'file', url, name: 'menu.pdf' }
const audio: MessageContent = { type: 'audio', url }
const sticker: MessageContent = { type: 'sticker', url }
const template: MessageContent = { type: 'template', template: { name: 'ns:t', locale: 'en_GB', parameters: ['4711'] } }
const location = { type: 'location', location: { latitude: 51.5, longitude: -0.1 } }
const custom: MessageContent = { type: 'custom', custom: location }

/** As the specification of Messages 1.20 writes them. */
const rows: [Channel, MessageContent, object][] = [
  ['whatsapp', image, { message_type: 'image', image: { url, caption: 'Look' } }],
  ['whatsapp', audio, { message_type: 'audio', audio: { url } }],
  ['whatsapp', { type: 'video', url }, { message_type: 'video', video: { url } }],
  ['whatsapp', file, { message_type: 'file', file: { url, name: 'menu.pdf' } }],
  ['whatsapp', sticker, { message_type: 'sticker', sticker: { url } }],
  [
    'whatsapp',
    template,
    {
      message_type: 'template',
      template: { name: 'ns:t', parameters: ['4711'] },
      whatsapp: { policy: 'deterministic', locale: 'en_GB' },
    },
  ],
  ['whatsapp', custom, { message_type: 'custom', custom: location }],
  ['messenger', { type: 'image', url }, { message_type: 'image', image: { url } }],
  ['messenger', audio, { message_type: 'audio', audio: { url } }],
  ['messenger', { type: 'video', url }, { message_type: 'video', video: { url } }],
  ['messenger', { type: 'file', url }, { message_type: 'file', file: { url } }],
  ['viber_service', image, { message_type: 'image', image: { url, caption: 'Look' } }],
  [
    'viber_service',
    video,
    {
      message_type: 'video',
      video: { url, caption: 'Look', thumb_url: 'https://example.com/t' },
      viber_service: { duration: '12', file_size: '3' },
    },
  ],
  ['viber_service', file, { message_type: 'file', file: { url, name: 'menu.pdf' } }],
]

/** What arrives at Vonage: members without a value are not written. */
function written(body: object): unknown {
  return JSON.parse(JSON.stringify(body))
}

describe.each(rows)('%s', (channel, content, expected) => {
  const message = testMessage({ channel, text: 'unseen', content })

  test(`takes ${content.type}`, () => {
    expect(contentProblems(channel, message)).toEqual([])
    const { message_type, ...member } = Object(expected)
    expect(written(v1Body(message, 'me'))).toEqual({
      channel,
      to: message.to,
      from: 'me',
      client_ref: message.id,
      message_type,
      ...member,
    })
  })

  test(`writes ${content.type} for v0.1`, () => {
    const { message_type: type, [content.type]: member } = Object(expected)
    expect(written(v01Body(message, 'me', 'strings').message)).toMatchObject({ content: { type, [type]: member } })
  })
})

test.each<[string, Channel, MessageOptions, object]>([
  ['SMS: seconds', 'sms', { ttlSeconds: 60 }, { ttl: 60 }],
  [
    'Messenger: a tag',
    'messenger',
    { messengerTag: 'ACCOUNT_UPDATE' },
    { messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
  ],
  [
    'Viber',
    'viber_service',
    { ttlSeconds: 60, viberCategory: 'promotion', viberButton: { url, text: 'Menu' } },
    { viber_service: { category: 'promotion', ttl: 60, action: { url, text: 'Menu' } } },
  ],
])('options of %s', (_, channel, options, expected) => {
  const message = testMessage({ channel, options })
  expect(contentProblems(channel, message)).toEqual([])
  expect(written(v1Body(message, 'me'))).toMatchObject({ message_type: 'text', ...expected })
})

test.each<[string, Channel, MessageContent, MessageOptions, object, object]>([
  [
    'a tag',
    'messenger',
    { type: 'image', url },
    { messengerTag: 'ACCOUNT_UPDATE' },
    { messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
    { messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
  ],
  [
    'a button',
    'viber_service',
    image,
    { ttlSeconds: 60, viberButton: { url, text: 'Open' } },
    { viber_service: { ttl: 60, action: { url, text: 'Open' } } },
    { viber_service_msg: { ttl: 60, action: { url, text: 'Open' } } },
  ],
])('a picture with %s, for both editions', (_, channel, content, options, v1, v01) => {
  const message = testMessage({ channel, content, options })
  expect(contentProblems(channel, message)).toEqual([])
  expect(written(v1Body(message, 'me'))).toMatchObject({ message_type: 'image', ...v1 })
  expect(written(v01Body(message, 'me', 'strings').message)).toMatchObject({ content: { type: 'image' }, ...v01 })
})

test('where a window is closed the configured template stands for a content', () => {
  const configured = { name: 'ns:alert', locale: 'en_GB', parameters: ['{text}'] }
  const message = testMessage({ channel: 'whatsapp', text: 'Disk full', content: sticker, template: configured })
  expect(v1Body(message, 'me')).toMatchObject({ message_type: 'template', template: { parameters: ['Disk full'] } })
  expect(v01Body(message, 'me', 'strings').message).toMatchObject({
    content: { type: 'template', template: { parameters: ['Disk full'] } },
  })
})
