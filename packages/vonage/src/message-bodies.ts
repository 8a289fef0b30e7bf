import type { Channel, OutboundMessage } from '@switchboard/contracts'

import type { AddressKey, Sendable, TemplateParameters, V01Content, V1Content } from './channels/channel-format.ts'
import { formats } from './channels/formats.ts'

/** A message on a channel where people are written to. */
export type WrittenMessage = OutboundMessage & { channel: Channel }

export type V1Body = V1Content & { channel: Channel; to: string; from: string; client_ref: string }

type V01Address = { type: string } & Partial<Record<AddressKey, string>>
export interface V01Body {
  from: V01Address
  to: V01Address
  message: V01Content
  client_ref?: string
}

/** The body of `POST /v1/messages`. */
export function v1Body(message: WrittenMessage, from: string): V1Body {
  const { channel, to, id } = message
  return { channel, to, from, ...formats[channel].contentV1(message), client_ref: id }
}

/** The body of `POST /v0.1/messages`. */
export function v01Body(message: WrittenMessage, from: string, parameters: TemplateParameters): V01Body {
  return { ...v01Message(message, from, parameters), client_ref: message.id }
}

/** A message as v0.1 and Dispatch address it. */
export function v01Message(
  message: Pick<WrittenMessage, 'channel' | 'to'> & Sendable,
  from: string,
  parameters: TemplateParameters,
): V01Body {
  const format = formats[message.channel]
  const { v01 } = format
  return {
    from: { type: v01.type, [v01.from]: from },
    to: { type: v01.type, [v01.to]: message.to },
    message: format.contentV01(message, parameters),
  }
}
