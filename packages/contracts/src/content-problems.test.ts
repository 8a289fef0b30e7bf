import { expect, test } from 'vitest'

import type { Channel } from './channel.ts'
import { contentProblems } from './content-problems.ts'
import type { MessageContent, MessageOptions } from './message-content.ts'

const url = 'https://example.com/a'
const image: MessageContent = { type: 'image', url, caption: 'Look' }
const sticker: MessageContent = { type: 'sticker', url }

test.each<[Channel, { text?: string; content?: MessageContent; options?: MessageOptions }, string[]]>([
  ['sms', { content: image }, ['content.type']],
  ['messenger', { content: sticker }, ['content.type']],
  ['messenger', { text: 'x'.repeat(641), options: { ttlSeconds: 60 } }, ['text', 'options.ttlSeconds']],
  [
    'whatsapp',
    { options: { messengerTag: 'X', viberCategory: 'promotion' } },
    ['options.messengerTag', 'options.viberCategory'],
  ],
  ['viber_service', { content: { type: 'video', url, caption: 'a' } }, ['content.thumbUrl']],
  [
    'viber_service',
    { content: { type: 'image', url }, options: { viberButton: { url, text: 'a' } } },
    ['content.caption'],
  ],
  ['viber_service', { content: { type: 'file', url, name: 'x'.repeat(26) } }, ['content.name']],
  ['viber_service', { options: { ttlSeconds: 20 } }, ['options.ttlSeconds']],
])('%s refuses %o', (channel, changes, fields) => {
  expect(contentProblems(channel, { text: '', ...changes }).map(({ field }) => field)).toEqual(fields)
})
