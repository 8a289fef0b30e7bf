import type { Channel, MessageContent, MessageParts, OutboundMessage } from '@switchboard/contracts'
import { describe, expect, test } from 'vitest'

import { planFrom, requestFor } from './testing/story.ts'
import { createWorld } from './testing/world.ts'

const url = 'https://example.com/a'
const text = 'Disk full'
const link = 'https://alerts.example/a/0-alert-AAAAAAAAAAAAAAAA'
const ourButton = { url: link, text: 'I have it' }
const theirButton = { url: `${url}/{code}`, text: 'Graph' }
const image = (caption?: string): MessageContent => ({ type: 'image', url, ...(caption ? { caption } : {}) })
const custom: MessageContent = {
  type: 'custom',
  custom: {
    type: 'interactive',
    interactive: { action: { buttons: [{ reply: { id: 'pass {code}', title: 'No' } }] } },
  },
}
const template: MessageContent = {
  type: 'template',
  template: { name: 'ns:alert', locale: 'en_GB', parameters: ['{text}', '{code}'] },
}

/** What the first channel of an alert sends. */
async function sentOn(channel: Channel, parts: MessageParts) {
  const plan = planFrom([`Tony: ${channel}, sms`])
  const [first] = plan.users[0]?.channels ?? []
  Object.assign(first ?? {}, parts)
  const world = createWorld(plan)
  await world.walker.begin(requestFor(plan, { text }))
  const [message] = world.messages.values()
  if (!message) throw new Error('nothing was sent')
  return { message, isBundleable: world.bundleable.has(message.id) }
}

type Sent = Pick<OutboundMessage, 'content' | 'options' | 'buttons'>

test.each<[string, Channel, MessageParts, Sent]>([
  [
    'WhatsApp: its own buttons, none of ours',
    'whatsapp',
    { content: custom },
    {
      content: {
        type: 'custom',
        custom: {
          type: 'interactive',
          interactive: { action: { buttons: [{ reply: { id: 'pass A17', title: 'No' } }] } },
        },
      },
    },
  ],
  ['WhatsApp: a sticker', 'whatsapp', { content: { type: 'sticker', url } }, { content: { type: 'sticker', url } }],
  [
    'WhatsApp: a template of its own',
    'whatsapp',
    { content: template },
    {
      content: { type: 'template', template: { name: 'ns:alert', locale: 'en_GB', parameters: [text, 'A17'] } },
    },
  ],
  [
    'Messenger: a picture with a tag',
    'messenger',
    { content: image(), options: { messengerTag: 'ACCOUNT_UPDATE' } },
    {
      content: image(),
      options: { messengerTag: 'ACCOUNT_UPDATE' },
    },
  ],
  ['SMS: how long it is tried', 'sms', { options: { ttlSeconds: 60 } }, { options: { ttlSeconds: 60 } }],
  [
    'Viber: our button beside options',
    'viber_service',
    { options: { ttlSeconds: 60 } },
    {
      options: { ttlSeconds: 60, viberButton: ourButton },
    },
  ],
  [
    'Viber: our button under a picture that says something',
    'viber_service',
    { content: image('{text}') },
    {
      content: image(text),
      options: { viberButton: ourButton },
    },
  ],
  ['Viber: no button under a bare picture', 'viber_service', { content: image() }, { content: image() }],
  ['Viber: none under a file', 'viber_service', { content: { type: 'file', url } }, { content: { type: 'file', url } }],
  [
    'Viber: its own button instead of ours',
    'viber_service',
    { options: { viberButton: theirButton } },
    {
      options: { viberButton: { url: `${url}/A17`, text: 'Graph' } },
    },
  ],
])('%s', async (_, channel, parts, expected) => {
  const { message } = await sentOn(channel, parts)
  const { content, options, buttons } = message
  expect({ content, options, buttons: expected.content ? buttons : undefined }).toEqual({
    content: undefined,
    options: undefined,
    buttons: undefined,
    ...expected,
  })
  // Whoever looks it up reads what it was about, and so does whoever gets the template outside of the window.
  expect(message.text).toMatch(/^Disk full\n.*(A17|https:)/)
})

describe('leaves with others', () => {
  test.each<[string, Channel, MessageParts, boolean]>([
    ['a sticker', 'whatsapp', { content: { type: 'sticker', url } }, true],
    ['what is alone in going out at any time: a template', 'whatsapp', { content: template }, false],
    ['one of the Cloud API', 'whatsapp', { content: { type: 'custom', custom: { type: 'template' } } }, false],
    ['a tag', 'messenger', { options: { messengerTag: 'ACCOUNT_UPDATE' } }, false],
    ['a category', 'messenger', { options: { messengerCategory: 'update' } }, true],
    ['SMS', 'sms', { options: { ttlSeconds: 60 } }, true],
  ])('%s', async (_, channel, parts, expected) => {
    expect((await sentOn(channel, parts)).isBundleable).toBe(expected)
  })
})

test('a Dispatch caller’s is sent as it is', async () => {
  const content = image('{text} {code}')
  const plan = planFrom(['Tony: viber_service'])
  Object.assign(plan.users[0]?.channels[0] ?? {}, { content, text: 'theirs' })
  const world = createWorld(plan)
  await world.walker.begin(requestFor(plan, { text, dispatch: { uuid: 'u' } }))
  const [message] = world.messages.values()
  expect(message).toMatchObject({ content })
  expect(message).not.toHaveProperty('options')
})
