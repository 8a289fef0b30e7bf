import { expect, test } from 'vitest'

import { whatsapp } from './whatsapp.ts'

const message = {
  text: 'Server\tdown:\n  $& {text}',
  template: { name: '0f1e2d3c_aaaa:alert', locale: 'en_GB', parameters: ['Acme', '{text}', 'now: {text}!'] },
}
const filled = ['Acme', 'Server down: $& {text}', 'now: Server down: $& {text}!']
const options = { policy: 'deterministic', locale: 'en_GB' }

test('a template of v1 takes the text on one line', () => {
  expect(whatsapp.contentV1(message)).toEqual({
    message_type: 'template',
    template: { name: '0f1e2d3c_aaaa:alert', parameters: filled },
    whatsapp: options,
  })
})

test.each([
  ['objects' as const, filled.map((value) => ({ default: value }))],
  ['strings' as const, filled],
])('a template of v0.1 with %s', (style, parameters) => {
  expect(whatsapp.contentV01(message, style)).toEqual({
    content: { type: 'template', template: { name: '0f1e2d3c_aaaa:alert', parameters } },
    whatsapp: options,
  })
})
