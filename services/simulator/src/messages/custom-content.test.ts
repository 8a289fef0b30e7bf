import { expect, test } from 'vitest'

import { defaultAccount, exampleSenders } from '../account.ts'
import { readCustom } from './custom-content.ts'
import { fillTemplate } from './fill-template.ts'

const link = 'https://example.com/a.jpg'
const { templates } = defaultAccount('http://127.0.0.1', exampleSenders)
const read = (custom: unknown) => {
  const result = readCustom(custom)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return fillTemplate(result.content, templates)
}
const interactive = (type: string, action: object, more: object = {}) =>
  read({ type: 'interactive', interactive: { type, body: { text: 'Which?' }, action, ...more } })
const header = { type: 'header', parameters: [{ type: 'image', image: { link } }] }
const body = {
  type: 'body',
  parameters: [
    { type: 'text', text: '17' },
    { type: 'text', text: 'today' },
  ],
}

test('a template that the account knows is shown with its picture, its texts and its buttons', () => {
  const components = [
    header,
    body,
    { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'door' }] },
    { type: 'button', sub_type: 'url', index: 1, parameters: [{ type: 'text', text: '17' }] },
  ]
  expect(read({ type: 'template', template: { name: 'parcel', language: { code: 'en' }, components } })).toMatchObject({
    type: 'template',
    text: 'Your parcel 17 arrives today.\nAn example shop',
    media: { kind: 'image', url: link },
    buttons: [
      { kind: 'quick-reply', title: 'Leave it with a neighbour', value: 'door' },
      { kind: 'url', title: 'Where is it?', value: 'https://example.com/parcels/17' },
      { kind: 'call', title: 'Call us', value: '+447700900000' },
    ],
    template: { name: 'parcel', locale: 'en', parameters: ['17', 'today'] },
  })
})

test('of one that it does not know, what the request says of it', () => {
  const button = {
    type: 'button',
    sub_type: 'quick_reply',
    index: 0,
    parameters: [{ type: 'payload', payload: 'later' }],
  }
  const amount = { type: 'currency', currency: { fallback_value: '€10', code: 'EUR', amount_1000: 10_000 } }
  const components = [header, { type: 'body', parameters: [amount] }, button]
  expect(read({ type: 'template', template: { name: 'x', components } })).toMatchObject({
    text: '[x] €10',
    media: { kind: 'image', url: link },
    buttons: [{ kind: 'quick-reply', title: 'later', value: 'later' }],
  })
})

test('texts of a template by name', () => {
  const named = [{ type: 'text', parameter_name: 'who', text: 'Alice' }]
  const content = readCustom({
    type: 'template',
    template: { name: 'hi', components: [{ type: 'body', parameters: named }] },
  })
  const known = { 'shop:hi': { locale: ['en'], parameters: 1, body: 'Hello {{who}}', buttons: [] } }
  expect(content.ok && fillTemplate(content.content, known).text).toBe('Hello Alice')
})

test.each([
  [
    'reply buttons under a picture',
    interactive(
      'button',
      { buttons: [{ type: 'reply', reply: { id: '1', title: 'Yes' } }] },
      { header: { type: 'image', image: { link } } },
    ),
    { text: 'Which?', media: { kind: 'image', url: link }, buttons: [{ kind: 'reply', title: 'Yes', value: '1' }] },
  ],
  [
    'a list',
    interactive('list', {
      button: 'Choose',
      sections: [{ rows: [{ id: 'a', title: 'One', description: 'the first' }] }],
    }),
    { buttons: [{ kind: 'reply', title: 'One', value: 'a', description: 'the first' }] },
  ],
  [
    'a link',
    interactive('cta_url', { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://example.com' } }),
    { buttons: [{ kind: 'url', title: 'Open', value: 'https://example.com' }] },
  ],
  [
    'a Flow',
    interactive('flow', { name: 'flow', parameters: { flow_id: '1', flow_token: 'token', flow_cta: 'Book' } }),
    { buttons: [{ kind: 'flow', title: 'Book', value: 'token' }] },
  ],
  [
    'products',
    interactive('product_list', { catalog_id: 'c', sections: [{ product_items: [{ product_retailer_id: 'p' }] }] }),
    { buttons: [{ kind: 'order', title: 'Order', value: expect.stringContaining('"product_retailer_id":"p"') }] },
  ],
  [
    'a request for where one is',
    interactive('location_request_message', { name: 'send_location' }),
    { buttons: [{ kind: 'location', title: 'Send location', value: '' }] },
  ],
  [
    'a document',
    read({ type: 'document', document: { link, filename: 'a.pdf', caption: 'Terms' } }),
    { text: 'Terms', media: { kind: 'file', url: link, name: 'a.pdf' } },
  ],
  [
    'contacts',
    read({ type: 'contacts', contacts: [{ name: { formatted_name: 'Tony' } }] }),
    { type: 'contacts', text: 'Tony' },
  ],
  ['what a phone cannot show', read({ type: 'hologram' }), { type: 'custom', text: '[hologram]' }],
] as const)('%s', (_name, content, expected) => {
  expect(content).toMatchObject(expected)
})
