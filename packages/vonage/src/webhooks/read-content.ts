import type { InboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import { scalar } from './fields.ts'

/** Half of a media object says more than none: a member of the wrong type is as good as missing. */
const word = z.string().optional().catch(undefined)
const media = z.object({ url: word, caption: word, name: word }).optional().catch(undefined)

/** The members of an inbound message that hold what it says, as v1 and v0.1 both have them. */
export const inboundContent = z.object({
  text: z.string().optional(),
  /** A choice from a list or buttons, or a filled-in Flow; on Messenger the title may be missing. */
  reply: z.object({ title: z.string().optional(), id: scalar.optional() }).optional(),
  button: z.object({ text: z.string().optional(), payload: scalar.optional() }).optional(),
  postback: z.object({ title: z.string().optional(), payload: scalar.optional() }).optional(),
  /** Of a text that a Messenger quick reply wrote. */
  quick_reply: z.object({ payload: scalar.optional() }).optional().catch(undefined),
  image: media,
  video: media,
  file: media,
  audio: media,
  vcard: media,
  sticker: media,
  /** Several attachments of one MMS. */
  content: z
    .array(z.object({ type: z.string(), url: word, caption: word, name: word }))
    .optional()
    .catch(undefined),
  reaction: z.object({ action: z.string().optional(), emoji: z.string().optional() }).optional().catch(undefined),
  context: z.object({ message_uuid: scalar }).optional().catch(undefined),
})
export type InboundContent = z.output<typeof inboundContent>

/** Media are fetched from the provider for two days (Messages v0.1, "media"); later editions name no time. */
const MEDIA_KEPT_MS = 2 * 86_400_000

export type Content = Pick<InboundMessage, 'kind' | 'text' | 'caption' | 'payload' | 'media' | 'quotes' | 'emoji'>

/** What a message of a type says, whatever the type; undefined when a text has no text. */
export function readContent(type: string, message: InboundContent, receivedAt: number): Content | undefined {
  const quotes = message.context?.message_uuid
  const content = readType(type, message, receivedAt)
  return content && { ...content, ...(quotes ? { quotes } : {}) }
}

function readType(type: string, message: InboundContent, receivedAt: number): Content | undefined {
  const { text, reply, button, postback, reaction } = message
  switch (type) {
    case 'text':
      return text === undefined ? undefined : pressed('text', text, message.quick_reply?.payload)
    case 'reply':
      return pressed(type, reply?.title, reply?.id)
    case 'button':
    case 'postback':
      return pressed(type, button?.text ?? postback?.title, (button ?? postback)?.payload)
    case 'reaction':
      // Taken back, it says nothing.
      if (reaction?.action === 'unreact') return { kind: 'unreaction', text: null }
      return { kind: type, text: null, ...(reaction?.emoji ? { emoji: reaction.emoji.slice(0, 50) } : {}) }
    case 'image':
    case 'video':
    case 'file':
    case 'audio':
    case 'vcard':
    case 'sticker':
      return attachment(type, message[type], receivedAt)
    case 'content':
      return attachment(message.content?.[0]?.type ?? type, message.content?.find(hasUrl), receivedAt)
    default:
      return { kind: type, text: null }
  }
}

/** A button that was pressed says its title, or what it stands for; a Flow that was filled in says neither. */
function pressed(type: string, title: string | undefined, payload: string | undefined): Content {
  const text = title ?? payload
  if (text === undefined) return { kind: type, text: null }
  return { kind: 'text', text, ...(payload ? { payload } : {}) }
}

function attachment(kind: string, { url, caption, name }: z.output<typeof media> = {}, receivedAt: number): Content {
  return {
    kind,
    text: null,
    ...(caption ? { caption } : {}),
    ...(url &&
    z
      .url({ protocol: /^https?$/ })
      .max(2_000)
      .safeParse(url).success
      ? { media: { url, ...(name ? { name: name.slice(0, 200) } : {}), expiresAt: receivedAt + MEDIA_KEPT_MS } }
      : {}),
  }
}

function hasUrl({ url }: { url?: string | undefined }): boolean {
  return url !== undefined
}
