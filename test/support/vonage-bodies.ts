import type { MessageContent, MessageOptions } from '@switchboard/contracts'

/** Bodies as Vonage's specifications write them, in our words and with made-up values: the rows of docs/vonage.md. */
export const PERSON = '447700900010'
export const PAGE_PERSON = '9000000010'
const url = 'https://example.com/a'
const image = { url: 'https://example.com/a.jpg' }

export const senders = {
  sms: '447700900000',
  whatsapp: '447700900001',
  messenger: '100000001',
  viber_service: 'Switchboard',
}
type Channel = keyof typeof senders

const parties = (channel: Channel) => ({
  to: channel === 'messenger' ? PAGE_PERSON : PERSON,
  from: senders[channel],
  channel,
})
/** A message of ours to a person; `ours` is how this product is told to send it, where it can. */
const send = (
  channel: Channel,
  type: string,
  more: object,
  ours?: { content?: MessageContent; options?: MessageOptions },
) => ({ body: { ...parties(channel), message_type: type, ...more }, ours })

const video: MessageContent = {
  type: 'video',
  url,
  caption: 'Look',
  thumbUrl: url,
  durationSeconds: 12,
  megabytes: 3,
}
const viberVideo = {
  video: { url, caption: 'Look', thumb_url: url },
  viber_service: { duration: '12', file_size: '3' },
}
const template = { name: 'ns:t', locale: 'en_GB', parameters: ['4711'] }
const list = { type: 'list', body: { text: 'Which?' }, action: { sections: [{ rows: [{ id: 'a', title: 'One' }] }] } }
const custom = { type: 'interactive', interactive: list }

export const sent = {
  'SMS: text': send('sms', 'text', { text: 'Hello' }, {}),
  'WhatsApp: text': send('whatsapp', 'text', { text: 'Hello' }, {}),
  'WhatsApp: image': send('whatsapp', 'image', { image }, { content: { type: 'image', url: image.url } }),
  'WhatsApp: audio': send('whatsapp', 'audio', { audio: { url } }, { content: { type: 'audio', url } }),
  'WhatsApp: video': send('whatsapp', 'video', { video: { url } }, { content: { type: 'video', url } }),
  'WhatsApp: file': send('whatsapp', 'file', { file: { url, name: 'a.pdf' } }, { content: { type: 'file', url } }),
  'WhatsApp: sticker': send('whatsapp', 'sticker', { sticker: { url } }, { content: { type: 'sticker', url } }),
  'WhatsApp: template': send(
    'whatsapp',
    'template',
    { template: { name: 'ns:t', parameters: ['4711'] }, whatsapp: { policy: 'deterministic', locale: 'en_GB' } },
    { content: { type: 'template', template } },
  ),
  'WhatsApp: custom': send('whatsapp', 'custom', { custom }, { content: { type: 'custom', custom } }),
  'WhatsApp: reaction': send('whatsapp', 'reaction', {
    reaction: { action: 'react', emoji: '👍' },
    context: { message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab' },
  }),
  'Messenger: text': send('messenger', 'text', { text: 'Hello', messenger: { category: 'response' } }, {}),
  'Messenger: image': send('messenger', 'image', { image }, { content: { type: 'image', url: image.url } }),
  'Messenger: audio': send('messenger', 'audio', { audio: { url } }, { content: { type: 'audio', url } }),
  'Messenger: video': send('messenger', 'video', { video: { url } }, { content: { type: 'video', url } }),
  'Messenger: file': send('messenger', 'file', { file: { url } }, { content: { type: 'file', url } }),
  'Messenger: tag': send(
    'messenger',
    'text',
    { text: 'Hello', messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
    { options: { messengerTag: 'ACCOUNT_UPDATE' } },
  ),
  'Viber: text': send('viber_service', 'text', { text: 'Hello' }, {}),
  'Viber: image': send('viber_service', 'image', { image }, { content: { type: 'image', url: image.url } }),
  'Viber: video': send('viber_service', 'video', viberVideo, { content: video }),
  'Viber: file': send('viber_service', 'file', { file: { url, name: 'a.pdf' } }, { content: { type: 'file', url } }),
  'Viber: button': send(
    'viber_service',
    'text',
    { text: 'Hello', viber_service: { category: 'transaction', ttl: 600, action: { url, text: 'Open' } } },
    { options: { viberButton: { url, text: 'Open' } } },
  ),
}

const hear = (channel: Channel, type: string, more: object, phone?: object) => ({
  body: {
    channel,
    message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
    to: senders[channel],
    from: channel === 'messenger' ? PAGE_PERSON : PERSON,
    timestamp: '2026-01-02T03:04:05Z',
    message_type: type,
    ...more,
  },
  member: more,
  phone,
})
const whatsapp = (type: string, more: object, phone?: object) => {
  const { member, ...heard } = hear('whatsapp', type, more, phone)
  return { ...heard, member, body: { ...heard.body, context_status: 'none', profile: { name: 'Alice' } } }
}
const order = { catalog_id: 'c', product_items: [{ product_retailer_id: 'p', quantity: '1', item_price: '10' }] }
const contacts = [{ name: { formatted_name: 'Tony' }, phones: [{ phone: '+447700900011' }] }]
const place = { lat: 51.5, long: -0.12, name: 'Westminster' }

export const heard = {
  'SMS: text': hear('sms', 'text', { text: 'hi' }, { text: 'hi' }),
  'WhatsApp: text': whatsapp('text', { text: 'hi' }, { text: 'hi' }),
  'WhatsApp: image': whatsapp('image', { image }, { type: 'image', ...image }),
  'WhatsApp: audio': whatsapp('audio', { audio: { url } }, { type: 'audio', url }),
  'WhatsApp: video': whatsapp('video', { video: { url } }, { type: 'video', url }),
  'WhatsApp: file': whatsapp('file', { file: { url, name: 'a.pdf' } }, { type: 'file', url, name: 'a.pdf' }),
  'WhatsApp: sticker': whatsapp('sticker', { sticker: { url } }, { type: 'sticker', url }),
  'WhatsApp: location': whatsapp('location', { location: place }, { location: place }),
  'WhatsApp: contacts': whatsapp('contacts', { contacts }, { contacts }),
  'WhatsApp: order': whatsapp('order', { order }, { order }),
  'WhatsApp: reply': whatsapp('reply', { reply: { id: 'a', title: 'One' } }, { reply: { id: 'a', title: 'One' } }),
  'WhatsApp: button': whatsapp(
    'button',
    { button: { payload: 'a', text: 'One' } },
    { button: { payload: 'a', text: 'One' } },
  ),
  'WhatsApp: Flow': whatsapp('reply', { reply: {} }, { flow: { day: 'Monday' } }),
  'WhatsApp: reaction': whatsapp(
    'reaction',
    { reaction: { action: 'react', emoji: '👍' } },
    { reaction: { emoji: '👍', to: 'x' } },
  ),
  'WhatsApp: unsupported': whatsapp('unsupported', {}, { type: 'unsupported' }),
  'Messenger: text': hear('messenger', 'text', { text: 'hi' }, { text: 'hi' }),
  'Messenger: image': hear('messenger', 'image', { image }, { type: 'image', ...image }),
  'Messenger: audio': hear('messenger', 'audio', { audio: { url } }, { type: 'audio', url }),
  'Messenger: video': hear('messenger', 'video', { video: { url } }, { type: 'video', url }),
  'Messenger: file': hear('messenger', 'file', { file: { url } }, { type: 'file', url }),
  'Messenger: unsupported': hear('messenger', 'unsupported', {}, { type: 'unsupported' }),
  'Viber: text': hear('viber_service', 'text', { text: 'hi' }, { text: 'hi' }),
  'Viber: image': hear('viber_service', 'image', { image }, { type: 'image', ...image }),
  'Viber: video': hear('viber_service', 'video', { video: { url } }, { type: 'video', url }),
  'Viber: file': hear('viber_service', 'file', { file: { url } }, { type: 'file', url }),
  'MMS: image': {
    ...hear('sms', 'image', { image }),
    body: { ...hear('sms', 'image', { image }).body, channel: 'mms' },
  },
  'MMS: vcard': {
    ...hear('sms', 'vcard', { vcard: { url } }),
    body: { ...hear('sms', 'vcard', { vcard: { url } }).body, channel: 'mms' },
  },
}
