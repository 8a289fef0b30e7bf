import { z } from 'zod'

import type { PhoneContent } from '../messages/phone-content.ts'
import { ControlError } from './route.ts'

const text = z.string().max(10_000)
const hex = z.string().regex(/^([0-9a-fA-F]{2})*$/, 'must be bytes in hex')

/** What a person sends from a phone. */
export const sentSchema = z.strictObject({
  text: text.optional(),
  to: z.string().optional(),
  type: z
    .enum([
      'text',
      'image',
      'audio',
      'video',
      'file',
      'sticker',
      'location',
      'contacts',
      'order',
      'reply',
      'button',
      'reaction',
      'binary',
      'unsupported',
    ])
    .optional(),
  url: z.string().optional(),
  name: z.string().optional(),
  location: z
    .object({ lat: z.number(), long: z.number(), name: z.string().optional(), address: z.string().optional() })
    .optional(),
  /** The button that was pressed: id and title of a reply, payload and text of a quick reply. */
  reply: z.object({ id: z.string(), title: z.string(), description: z.string().optional() }).optional(),
  button: z.object({ payload: z.string(), text: z.string() }).optional(),
  /** An empty emoji takes the reaction back. */
  reaction: z.object({ emoji: z.string(), to: z.string() }).optional(),
  contacts: z.array(z.record(z.string(), z.unknown())).optional(),
  order: z.record(z.string(), z.unknown()).optional(),
  /** What was filled into a Flow. */
  flow: z.record(z.string(), z.unknown()).optional(),
  /** Of a binary SMS, in hex. */
  data: hex.optional(),
  udh: hex.optional(),
  quoted: z.string().optional(),
  /** Sends the text as one part of a longer SMS (SMS API format). */
  concat: z
    .object({
      ref: z.coerce.string(),
      total: z.coerce.number().int().positive(),
      part: z.coerce.number().int().positive(),
    })
    .optional(),
  /** The parts of a long SMS arrive last part first. */
  shuffle: z.boolean().optional(),
  messageUuid: z.string().optional(),
  messageId: z.string().optional(),
})

type Sent = z.output<typeof sentSchema>

/** What the phone shows of it, and what its webhook is made of. */
export function contentOf(sent: Sent): PhoneContent {
  const quoted = sent.quoted === undefined ? {} : { quoted: sent.quoted }
  if (sent.reply) return { ...replied(sent.reply), ...quoted }
  if (sent.button) {
    const { text: title, payload: value } = sent.button
    return { type: 'button', text: title, buttons: [{ kind: 'quick-reply', title, value }], ...quoted }
  }
  if (sent.flow) return { type: 'reply', text: '', flow: sent.flow, ...quoted }
  if (sent.type === 'binary')
    return { type: 'binary', text: '', binary: { data: sent.data ?? '', udh: sent.udh ?? '' } }
  if (sent.reaction) return { type: 'reaction', text: sent.reaction.emoji, reaction: sent.reaction }
  if (sent.location) {
    const { lat, long, name, address } = sent.location
    const named = { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) }
    return { type: 'location', text: name ?? '', location: { lat, long, ...named }, ...quoted }
  }
  const kind = sent.type ?? 'text'
  if (sent.contacts) return { type: 'contacts', text: '', contacts: sent.contacts, ...quoted }
  if (sent.order) return { type: 'order', text: '', order: sent.order, ...quoted }
  if (kind === 'image' || kind === 'audio' || kind === 'video' || kind === 'file' || kind === 'sticker') {
    if (sent.url === undefined)
      throw new ControlError(422, 'Media needs a url', [{ name: 'url', reason: 'is required' }])
    const media = { kind, url: sent.url, ...(sent.name === undefined ? {} : { name: sent.name }) }
    return { type: kind, text: sent.text ?? '', media, ...quoted }
  }
  if (kind === 'text' && sent.text === undefined) {
    throw new ControlError(422, 'A message needs a text', [{ name: 'text', reason: 'is required' }])
  }
  return { type: kind, text: sent.text ?? '', ...quoted }
}

function replied({ id, title, description }: NonNullable<Sent['reply']>): PhoneContent {
  const more = description === undefined ? {} : { description }
  return { type: 'reply', text: title, buttons: [{ kind: 'reply', title, value: id, ...more }] }
}
