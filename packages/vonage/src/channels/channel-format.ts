import type { OutboundMessage } from '@switchboard/contracts'

import type { Interactive } from './reply-buttons.ts'

/** What a channel writes into the bodies of Vonage's APIs. One file per channel. */
export interface ChannelFormat {
  /** Characters. Vonage refuses more. */
  maxTextLength: number
  /** How Messages v0.1 and Dispatch name the channel, and the members that hold its addresses. */
  v01: { type: string; from: AddressKey; to: AddressKey }
  /** The members of a v1 body that say what is sent. */
  contentV1(message: Sendable): V1Content
  /** The `message` of a v0.1 body. */
  contentV01(message: Sendable, parameters: TemplateParameters): V01Content
}

export type AddressKey = 'id' | 'number'
type Sendable = Pick<OutboundMessage, 'text' | 'template' | 'buttons'>

/** How v0.1 takes template parameters: `[{default: "a"}]`, or `["a"]` as later editions document it. */
export type TemplateParameters = 'objects' | 'strings'

export type V1Content =
  | { message_type: 'text'; text: string }
  | { message_type: 'custom'; custom: Interactive }
  | {
      message_type: 'template'
      template: { name: string; parameters: string[] }
      whatsapp: { policy: 'deterministic'; locale: string }
    }

export type V01Content =
  | { content: { type: 'text'; text: string } }
  | { content: { type: 'custom'; custom: Interactive } }
  | {
      content: { type: 'template'; template: { name: string; parameters: (string | { default: string })[] } }
      whatsapp: { policy: 'deterministic'; locale: string }
    }

/** A channel that sends plain text only. Templates are WhatsApp's: elsewhere the text goes out. */
export function textFormat(limits: Pick<ChannelFormat, 'maxTextLength' | 'v01'>): ChannelFormat {
  return {
    ...limits,
    contentV1: ({ text }) => ({ message_type: 'text', text }),
    contentV01: ({ text }) => ({ content: { type: 'text', text } }),
  }
}
