import type { Channel, MessageMedia } from '@switchboard/contracts'
import { describe, expect, test } from 'vitest'

import { v01Body, v1Body } from '../message-bodies.ts'
import { testMessage } from '../testing/stub-vonage.ts'

const url = 'https://example.com/disk.png'
const image: MessageMedia = { type: 'image', url }
const audio: MessageMedia = { type: 'audio', url }
const video: MessageMedia = { type: 'video', url }
const file: MessageMedia = { type: 'file', url, name: 'disk.pdf' }
const wholeVideo: MessageMedia = { ...video, thumbUrl: url, durationSeconds: 9, megabytes: 1 }
const buttons = [{ id: 'A2', title: 'I have it' }]
const text = 'Disk full'
const linked = `${text}\n${url}`
const interactive = (header: object | undefined, said: string) => ({
  type: 'interactive',
  interactive: {
    type: 'button',
    ...(header ? { header } : {}),
    body: { text: said },
    action: { buttons: [{ type: 'reply', reply: buttons[0] }] },
  },
})

/** What comes with a text: the message that has the text below it, or a link where that fits. Never a text less. */
const rows: [string, Channel, Partial<ReturnType<typeof testMessage>>, object][] = [
  ['a picture', 'whatsapp', { media: image }, { message_type: 'image', image: { url, caption: text } }],
  ['a video', 'whatsapp', { media: video }, { message_type: 'video', video: { url, caption: text } }],
  ['a file', 'whatsapp', { media: file }, { message_type: 'file', file: { url, name: 'disk.pdf', caption: text } }],
  ['a sound has no text below it', 'whatsapp', { media: audio }, { message_type: 'text', text: linked }],
  [
    'a text too long to stand below',
    'whatsapp',
    { media: image, text: 'x'.repeat(1_025) },
    { message_type: 'text', text: `${'x'.repeat(1_025)}\n${url}` },
  ],
  [
    'a picture above buttons',
    'whatsapp',
    { media: image, buttons },
    { message_type: 'custom', custom: interactive({ type: 'image', image: { link: url } }, text) },
  ],
  [
    'a file above buttons',
    'whatsapp',
    { media: file, buttons },
    {
      message_type: 'custom',
      custom: interactive({ type: 'document', document: { link: url, filename: 'disk.pdf' } }, text),
    },
  ],
  [
    'a sound with buttons',
    'whatsapp',
    { media: audio, buttons },
    { message_type: 'custom', custom: interactive(undefined, linked) },
  ],
  [
    'outside the window the template counts',
    'whatsapp',
    { media: image, buttons, template: { name: 'ns:alert', locale: 'en_GB', parameters: ['{text}'] } },
    { message_type: 'template', template: { name: 'ns:alert', parameters: [text] } },
  ],
  [
    'what a channel has of its own',
    'whatsapp',
    { media: image, buttons, content: { type: 'sticker', url } },
    { message_type: 'sticker', sticker: { url } },
  ],
  [
    'a picture with its button',
    'viber_service',
    { media: image, options: { viberButton: { url, text: 'I have it' } } },
    { message_type: 'image', image: { url, caption: text }, viber_service: { action: { url, text: 'I have it' } } },
  ],
  [
    'a video that is told whole',
    'viber_service',
    { media: wholeVideo },
    {
      message_type: 'video',
      video: { url, caption: text, thumb_url: url },
      viber_service: { duration: '9', file_size: '1' },
    },
  ],
  ['a video that is not', 'viber_service', { media: video }, { message_type: 'text', text: linked }],
  ['a file has no text below it', 'viber_service', { media: file }, { message_type: 'text', text: linked }],
  [
    'no room for a link',
    'viber_service',
    { media: file, text: 'x'.repeat(990) },
    { message_type: 'text', text: 'x'.repeat(990) },
  ],
  ['a picture has no text below it', 'messenger', { media: image }, { message_type: 'text', text: linked }],
  ['every character costs', 'sms', { media: image }, { message_type: 'text', text }],
]

describe.each(rows)('%s', (_, channel, changes, expected) => {
  const message = testMessage({ channel, text, ...changes })

  test(`on ${channel}`, () => {
    expect(JSON.parse(JSON.stringify(v1Body(message, 'me')))).toMatchObject(expected)
  })

  test(`on ${channel} by v0.1`, () => {
    const { message_type: type, ...members } = Object(expected)
    const member = { [type]: members[type] }
    expect(JSON.parse(JSON.stringify(v01Body(message, 'me', 'strings').message.content))).toMatchObject({
      type,
      ...member,
    })
  })
})
