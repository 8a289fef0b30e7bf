import { expect, test } from 'vitest'

import { fillContent } from './fill-content.ts'
import type { MessageContent, MessageParts } from './message-content.ts'

const link = 'https://example.org/a/x.y.z'
const values = { text: 'Disk "db-7"\nis 100 % full {code} $&', code: 'A17', link }
const oneLine = 'Disk "db-7" is 100 % full {code} $&'
const custom = (object: Record<string, unknown>): MessageContent => ({ type: 'custom', custom: object })
const image = (caption: string, url = 'https://example.com/a.png'): MessageContent => ({ type: 'image', url, caption })

const rows: [string, MessageParts, MessageParts][] = [
  ['a caption', { content: image('{code}: {text} {link}') }, { content: image(`A17: ${values.text} ${link}`) }],
  [
    'what is no name of ours stays',
    { content: image('{who} {text} {}') },
    { content: image(`{who} ${values.text} {}`) },
  ],
  [
    'an address, in which nothing may end it',
    { content: image('x', 'https://example.com/{code}.png?q={text}') },
    { content: image('x', `https://example.com/A17.png?q=${encodeURIComponent(values.text)}`) },
  ],
  [
    'the parameters of a template, in one line',
    { content: { type: 'template', template: { name: 'ns:t', locale: 'en', parameters: ['{text}', '{code}'] } } },
    { content: { type: 'template', template: { name: 'ns:t', locale: 'en', parameters: [oneLine, 'A17'] } } },
  ],
  [
    'a template of the Cloud API, in one line',
    { content: custom({ type: 'template', template: { components: [{ parameters: [{ text: '{text}' }] }] } }) },
    { content: custom({ type: 'template', template: { components: [{ parameters: [{ text: oneLine }] }] } }) },
  ],
  [
    'strings alone, at any depth: no names, no numbers, nothing that is null',
    { content: custom({ '{code}': [{ '{text}': ['{code}', 1, true, null, { a: { b: { c: 'pass {code}' } } }] }] }) },
    { content: custom({ '{code}': [{ '{text}': ['A17', 1, true, null, { a: { b: { c: 'pass A17' } } }] }] }) },
  ],
  [
    'options',
    { options: { viberButton: { url: 'https://example.com/{code}', text: 'Graph of {code}' } } },
    { options: { viberButton: { url: 'https://example.com/A17', text: 'Graph of A17' } } },
  ],
  ['nothing', {}, {}],
]

test.each(rows)('fills %s', (_, parts, expected) => expect(fillContent(parts, values)).toEqual(expected))

test.each([
  ['a caption', '{text} {code}', (text: string) => text],
  ['an address', 'https://example.com/?q={text}', decodeURIComponent],
])('cuts a long alert in %s, never a character, never what stands around it', (_, wording, read) => {
  for (const text of ['x'.repeat(4_000), '👍'.repeat(2_000), `x${'👍'.repeat(2_000)}`]) {
    const filled = fillContent({ content: custom({ said: wording }) }, { ...values, text })
    const said = read(String(Object(filled?.content).custom.said))
    expect(said.length).toBeLessThanOrEqual(1_000)
    expect(said).toMatch(/\.\.\.( A17)?$/)
    expect(said.isWellFormed()).toBe(true)
  }
})

test('half a character of an alert is no reason to send nothing', () => {
  const content = image('x', 'https://example.com/?q={text}')
  expect(fillContent({ content }, { ...values, text: '\uD83D' })).toEqual({
    content: image('x', 'https://example.com/?q=%EF%BF%BD'),
  })
})

test('a long wording of its own keeps all of it', () => {
  const wording = `${'w'.repeat(3_000)}{text}`
  const filled = fillContent({ content: custom({ said: wording }) }, { ...values, text: 'x'.repeat(4_000) })
  expect(Object(filled?.content).custom.said).toBe(`${'w'.repeat(3_000)}${'x'.repeat(97)}...`)
})
