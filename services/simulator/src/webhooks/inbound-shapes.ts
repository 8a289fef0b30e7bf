import { randomInt } from 'node:crypto'

import { rulesOf } from '../channels.ts'
import type { Message } from '../message-store.ts'
import type { PhoneContent } from '../messages/phone-content.ts'
import { isGsm, keywordOf, splitSms } from '../sms/segments.ts'
import type { InboundContext } from './inbound-context.ts'
import { addressV01, sqlTime } from './status-shapes.ts'

/** Inbound message, Messages API v1. */
export function inboundV1(message: Message, context: InboundContext): Record<string, unknown> {
  return {
    channel: message.channel,
    message_uuid: message.id,
    to: message.sender,
    from: message.address,
    timestamp: message.at.replace(/\.\d{3}Z$/, 'Z'),
    ...contentV1(message.content),
    ...rulesOf[message.channel].inboundExtras(message, context),
  }
}

function contentV1(content: PhoneContent): Record<string, unknown> {
  const { type, text, media, location, reaction, buttons, contacts, order, flow } = content
  const button = buttons?.[0]
  if (flow) return flowAnswer(flow)
  if (type === 'reply' && button) {
    const { value: id, title, description } = button
    return { message_type: 'reply', reply: { id, title, ...(description === undefined ? {} : { description }) } }
  }
  if (type === 'button' && button) {
    return { message_type: 'button', button: { payload: button.value, text: button.title } }
  }
  if (location) return { message_type: 'location', location }
  if (reaction) return { message_type: 'reaction', reaction: actionOf(reaction.emoji) }
  if (contacts) return { message_type: 'contacts', contacts }
  if (order) return { message_type: 'order', order }
  if (media) {
    const caption = text === '' ? {} : { caption: text }
    const name = media.name === undefined ? {} : { name: media.name }
    return { message_type: media.kind, [media.kind]: { url: media.url, ...name, ...caption } }
  }
  return type === 'text' ? { message_type: 'text', text } : { message_type: type }
}

/** What of a Flow reaches an application is said nowhere: a reply without a title, and WhatsApp's own words beside it. */
function flowAnswer(flow: Record<string, unknown>): Record<string, unknown> {
  const answer = { name: 'flow', body: 'Sent', response_json: JSON.stringify(flow) }
  const provider = JSON.stringify({ type: 'nfm_reply', nfm_reply: answer })
  return { message_type: 'reply', reply: {}, provider_message: provider }
}

function actionOf(emoji: string): Record<string, string> {
  return emoji === '' ? { action: 'unreact' } : { action: 'react', emoji }
}

/** Inbound message, Messages API v0.1. */
export function inboundV01(message: Message): Record<string, unknown> {
  const { content } = message
  const media = content.media
  const inner = media
    ? { type: media.kind, [media.kind]: { url: media.url, ...(content.text === '' ? {} : { caption: content.text }) } }
    : content.type === 'unsupported'
      ? { type: 'unsupported' }
      : { type: 'text', text: content.text }
  const extras = rulesOf[message.channel].inboundExtrasV01?.(message)
  return {
    message_uuid: message.id,
    timestamp: message.at,
    to: addressV01(message.channel, message.sender, 'sender'),
    from: addressV01(message.channel, message.address, 'person'),
    message: { content: inner, ...extras?.message },
    ...extras?.webhook,
  }
}

export interface ConcatPart {
  ref: string
  total: number
  part: number
}

/** Inbound SMS, SMS API: one webhook per part. `concat` sends the text as that one part of a longer message. */
export function inboundSms(message: Message, context: InboundContext, concat?: ConcatPart): Record<string, string>[] {
  const { text, binary } = message.content
  if (binary) return [{ ...smsOf(message, context, message.id), type: 'binary', ...binary }]
  const unicode = !isGsm(text)
  const texts = concat ? [text] : splitSms(text, unicode)
  const ref = concat?.ref ?? String(randomInt(1, 256))
  const total = concat?.total ?? texts.length
  return texts.map((part, index) => ({
    ...smsOf(
      message,
      context,
      index === 0 ? message.id : `${message.id.slice(0, -2)}${String(index).padStart(2, '0')}`,
    ),
    text: part,
    type: unicode ? 'unicode' : 'text',
    keyword: keywordOf(part),
    ...(total > 1
      ? {
          concat: 'true',
          'concat-ref': ref,
          'concat-total': String(total),
          'concat-part': String(concat?.part ?? index + 1),
        }
      : {}),
  }))
}

function smsOf(message: Message, context: InboundContext, messageId: string): Record<string, string> {
  return {
    msisdn: message.address,
    to: message.sender,
    messageId,
    'api-key': context.apiKey,
    'message-timestamp': sqlTime(message.at),
  }
}
