import { inboundMessage, parseChannel } from '@switchboard/contracts'
import type { Channel, InboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import { endpointV01, readAddress, scalar } from './fields.ts'
import { eventTime } from './parse-timestamp.ts'
import { describe, ignored, parsedAs, unrecognised } from './parsed.ts'
import type { Parsed } from './parsed.ts'
import { inboundContent, readContent } from './read-content.ts'

const v1 = inboundContent.extend({
  message_uuid: scalar,
  channel: z.string(),
  from: scalar,
  to: scalar,
  timestamp: z.string().optional(),
  message_type: z.string().optional(),
})

const v01 = z
  .object({
    message_uuid: scalar,
    from: endpointV01,
    to: endpointV01,
    timestamp: z.string().optional(),
    message: z.object({ content: inboundContent.extend({ type: z.string().optional() }) }),
  })
  .transform(({ from, to, message, ...rest }) => ({
    ...rest,
    ...message.content,
    message_type: message.content.type,
    channel: from.type,
    from: from.number ?? from.id ?? '',
    to: to.number ?? to.id ?? '',
  }))

type InboundBody = z.output<typeof v1> | z.output<typeof v01>

/** Channels of the Messages API that Switchboard does not serve. */
const OTHER_CHANNELS = new Set(['rcs', 'email', 'instagram'])

/** An inbound webhook of the Messages API, v1 or v0.1 (reference: "Inbound webhooks"). Never throws. */
export function parseInbound(body: unknown, receivedAt: number): Parsed<InboundMessage> {
  const read = isV01(body) ? v01.safeParse(body) : v1.safeParse(body)
  if (!read.success) return unrecognised(describe(read.error))
  const message = read.data
  if (OTHER_CHANNELS.has(message.channel)) return ignored(`channel ${message.channel} is not served`)
  // A phone sends an MMS where it could send an SMS (pictures, long texts): same number, same person, same STOP.
  const channel = message.channel === 'mms' ? 'sms' : parseChannel(message.channel)
  if (channel === undefined) return unrecognised('channel: not a channel of the Messages API')
  return fromBody(message, channel, receivedAt)
}

function fromBody(message: InboundBody, channel: Channel, receivedAt: number): Parsed<InboundMessage> {
  const type = message.message_type ?? (message.text === undefined ? undefined : 'text')
  if (type === undefined) return unrecognised('message_type: missing')
  const from = readAddress(channel, message.from)
  if (from === undefined) return unrecognised(`from: not an address on ${channel}`)
  const content = readContent(type, message, receivedAt)
  if (content === undefined) return unrecognised(`${type}: missing`)
  return parsedAs(inboundMessage, {
    id: message.message_uuid,
    channel,
    from,
    to: message.to,
    ...content,
    sentAt: eventTime(message.timestamp, receivedAt),
    receivedAt,
  })
}

function isV01(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'from' in body && typeof body.from === 'object'
}
