import { expect, test } from 'vitest'

import './issue-words.ts'
import { planOf, planWarnings } from './plan-of.ts'
import { policy } from './policy.ts'

const url = 'https://example.com/a'
const numbers: Record<string, string> = { messenger: '9000000001' }
const channelOf = (type: string, parts: object) => ({ type, id_num: numbers[type] ?? '447700900011', ...parts })

function problems(type: string, parts: object): string[] {
  const users = [{ name: 'Tony', channels: [channelOf(type, parts), channelOf('sms', {})] }]
  const issues = policy.safeParse({ users }).error?.issues ?? []
  return issues.map(({ path, message }) => `${path.slice(4).join('.')}: ${message}`)
}

/** A level of `{a: …}` around `x` for each. */
function nested(levels: number): object {
  return JSON.parse(`${'{"a":'.repeat(levels)}"x"${'}'.repeat(levels)}`)
}

const button = { url, text: 'Open' }
const video = { type: 'video', url, caption: '{text}', thumbUrl: url, durationSeconds: 3, megabytes: 1 }
const custom = (object: unknown) => ({ content: { type: 'custom', custom: object } })

test.each<[string, object]>([
  ['whatsapp', { content: { type: 'template', template: { name: 'ns:t', locale: 'en', parameters: ['{text}'] } } }],
  ['whatsapp', { content: { type: 'sticker', url } }],
  ['whatsapp', custom({ type: 'text', text: { body: '{text} {code} {link}' } })],
  ['whatsapp', custom(nested(20))],
  ['messenger', { content: { type: 'image', url }, options: { messengerTag: 'ACCOUNT_UPDATE' } }],
  ['messenger', { options: { messengerCategory: 'update' } }],
  ['viber_service', { content: { type: 'image', url, caption: '{text}' }, options: { viberButton: button } }],
  ['viber_service_msg', { content: video, options: { ttlSeconds: 60 } }],
  ['viber_service', { content: { type: 'file', url: `${url}/{code}/{text}`, name: '{code}.pdf' } }],
  ['sms', { options: { ttlSeconds: 60 } }],
])('%s takes %o', (type, parts) => {
  expect(problems(type, parts)).toEqual([])
  const users = [{ name: 'Tony', channels: [channelOf(type, parts), channelOf('sms', {})] }]
  const [first] = planOf(policy.parse({ users })).users[0]?.channels ?? []
  expect(first).toMatchObject(parts)
})

test.each<[string, object, string[]]>([
  ['sms', { content: { type: 'image', url } }, ['content.type: sms takes text, no image']],
  [
    'messenger',
    { content: { type: 'sticker', url }, options: { ttlSeconds: 60 } },
    [
      'content.type: messenger takes text, image, audio, video, file, no sticker',
      'options.ttlSeconds: is not known to messenger',
    ],
  ],
  [
    'viber_service',
    { content: { type: 'template', template: { name: 'ns:t', locale: 'en' } } },
    ['content.type: viber_service takes text, image, video, file, no template'],
  ],
  ['viber_service', { content: { type: 'video', url } }, ['content.caption: is required for a video on Viber']],
  [
    'viber_service',
    { content: { type: 'file', url, name: '{text}' } },
    ['content.name: may have at most 200 characters, with a long alert filled in'],
  ],
  [
    'viber_service',
    { content: { type: 'file', url, name: 'about the alert {code}.pdf' } },
    ['content.name: must have at most 25 characters on Viber'],
  ],
  [
    'viber_service',
    { options: { viberButton: { url, text: '{text}' } } },
    ['options.viberButton.text: may have at most 30 characters, with a long alert filled in'],
  ],
  [
    'voice',
    { content: { type: 'audio', url }, options: {} },
    ['content: is not for phone calls', 'options: is not for phone calls'],
  ],
  [
    'whatsapp',
    { content: { type: 'image', url: 'a.png' } },
    ['content.url: must be an address such as https://example.org'],
  ],
  [
    'whatsapp',
    { content: { type: 'image', url: `${url}?{link}` } },
    [expect.stringMatching(/^content\.url: may have/)],
  ],
  [
    'whatsapp',
    custom({ components: [{ url: `${url}?{link}` }] }),
    [expect.stringMatching(/^content\.custom\.components\.0\.url: may have/)],
  ],
  ['whatsapp', custom(nested(21)), ['content.custom: must have at most 20 levels']],
  ['whatsapp', custom(nested(100_000)), ['content.custom: must have at most 20 levels']],
  ['whatsapp', { content: { type: 'poll' } }, [expect.stringMatching(/^content\.type: /)]],
])('%s refuses %o', (type, parts, expected) => expect(problems(type, parts)).toEqual(expected))

test('a content that does not say what happened is warned of', () => {
  expect(warnings({ content: { type: 'sticker', url } })).toEqual([
    { path: ['users', 0, 'channels', 0, 'content'], message: expect.stringContaining('has no {text}') },
  ])
  expect(warnings(custom({ body: ['{code}: {text}'] }))).toEqual([])
  expect(warnings({})).toEqual([])
})

function warnings(parts: object) {
  const users = [{ name: 'Tony', channels: [channelOf('whatsapp', parts), channelOf('sms', {})] }]
  return planWarnings(policy.parse({ users }).users)
}
