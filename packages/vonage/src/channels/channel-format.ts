import { contentProblems, factsOf, textWithLink } from '@switchboard/contracts'
import type { Channel, MessageContent, MessageMedia, OutboundMessage } from '@switchboard/contracts'

/** What a channel writes into the bodies of Vonage's APIs. One file per channel. */
export interface ChannelFormat {
  /** How Messages v0.1 and Dispatch name the channel, and the members that hold its addresses. */
  v01: { type: string; from: AddressKey; to: AddressKey }
  /** Addresses of people beside those that we may write to first, as webhooks have them. */
  otherAddresses?: RegExp
  /** The members of a v1 body that say what is sent. */
  contentV1(message: Sendable): V1Content
  /** The `message` of a v0.1 body. */
  contentV01(message: Sendable, parameters: TemplateParameters): V01Content
}

export type AddressKey = 'id' | 'number'
export type Sendable = Pick<OutboundMessage, 'text' | 'template' | 'buttons' | 'content' | 'options' | 'media'>

/** How v0.1 takes template parameters: `["a"]` as the specification has it, or `[{default: "a"}]` as early editions did. */
export type TemplateParameters = 'objects' | 'strings'

/** The content stands in the member that is named after the type. */
export type V1Content = { message_type: string } & Record<string, unknown>
export type V01Content = { content: { type: string } & Record<string, unknown> } & Record<string, unknown>

interface Traits extends Omit<ChannelFormat, 'contentV1' | 'contentV01'> {
  channel: Channel
  /** The media that have room for a text below them, and its longest; what comes with other texts is a link. */
  captions?: { of: readonly MessageMedia['type'][]; maxLength: number }
  /** Nothing comes with a text, not even a link: every character costs. */
  leavesMedia?: boolean
  /** The members beside the content that carry the options, in a v1 body and in the `message` of a v0.1 body. */
  optionsV1?: (message: Sendable) => object
  optionsV01?: (message: Sendable) => object
}

/** A channel that sends text and media. Templates and buttons are WhatsApp's: elsewhere the text goes out. */
export function plainFormat({ optionsV1, optionsV01, ...traits }: Traits): ChannelFormat {
  return {
    v01: traits.v01,
    contentV1(message) {
      const placed = placeMedia(message, traits)
      const { type, value } = memberOf(placed)
      return { message_type: type, [type]: value, ...optionsV1?.(placed) }
    },
    contentV01(message) {
      const placed = placeMedia(message, traits)
      const { type, value } = memberOf(placed)
      return { content: { type, [type]: value }, ...optionsV01?.(placed) }
    },
  }
}

/** What comes with a text becomes the message that has the text below it, or a link where that fits: never a text less. */
function placeMedia(message: Sendable, { channel, captions, leavesMedia }: Traits): Sendable {
  const { text, media, content } = message
  if (!media || content || leavesMedia) return message
  const captioned = captionedBy(media, text)
  if (captioned && captions?.of.includes(media.type) && text.length <= captions.maxLength) {
    const placed = { ...message, content: captioned }
    if (contentProblems(channel, placed).length === 0) return placed
  }
  return withLink(message, factsOf[channel].maxTextLength)
}

function captionedBy(media: MessageMedia, caption: string): MessageContent | undefined {
  return media.type === 'audio' ? undefined : { ...media, caption }
}

function withLink(message: Sendable, maxTextLength: number): Sendable {
  const text = textWithLink(message.text, message.media)
  return text.length <= maxTextLength ? { ...message, text } : message
}

function memberOf({ text, content }: Sendable): { type: string; value: unknown } {
  if (!content) return { type: 'text', value: text }
  const { type } = content
  switch (content.type) {
    case 'template':
      return { type, value: content.template }
    case 'custom':
      return { type, value: content.custom }
    case 'video':
      return { type, value: { url: content.url, caption: content.caption, thumb_url: content.thumbUrl } }
    case 'image':
    case 'file':
    case 'audio':
    case 'sticker': {
      const { type: _type, ...media } = content
      return { type, value: media }
    }
  }
}
