import { inboundMessage, parseChannel } from '@switchboard/contracts'
import type { Channel, InboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import { endpointV01, readAddress, scalar } from './fields.ts'
import { eventTime } from './parse-timestamp.ts'
import { describe, ignored, parsedAs, unrecognised } from './parsed.ts'
import type { Parsed } from './parsed.ts'

const media = z
  .object({ caption: z.string().optional().catch(undefined) })
  .optional()
  .catch(undefined)
const content = z.object({
  text: z.string().optional(),
  /** A choice from a list or buttons; on Messenger, where it comes with a postback, the title may be missing. */
  reply: z.object({ title: z.string().optional(), id: scalar.optional() }).optional(),
  button: z.object({ text: z.string().optional(), payload: scalar.optional() }).optional(),
  postback: z.object({ title: z.string().optional(), payload: scalar.optional() }).optional(),
  image: media,
  video: media,
  file: media,
  audio: media,
})

const v1 = content.extend({
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
    message: z.object({ content: content.extend({ type: z.string().optional() }) }),
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
/** No answer is expected to these. */
const IGNORED_TYPES = new Set(['reaction', 'unsupported'])

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
  if (IGNORED_TYPES.has(type)) return ignored(`message of type ${type}`)
  const from = readAddress(channel, message.from)
  if (from === undefined) return unrecognised(`from: not an address on ${channel}`)
  const { text, payload, caption } = readWords(type, message)
  if (text === undefined) return unrecognised(`${type}: missing`)
  return parsedAs(inboundMessage, {
    id: message.message_uuid,
    channel,
    from,
    to: message.to,
    kind: text === null ? type : 'text',
    text,
    ...(caption ? { caption } : {}),
    ...(payload ? { payload } : {}),
    sentAt: eventTime(message.timestamp, receivedAt),
    receivedAt,
  })
}

interface Words {
  /** Null for what is not text; undefined for text that lacks its text. */
  text: string | null | undefined
  caption?: string | undefined
  payload?: string | undefined
}

function readWords(type: string, { text, reply, button, postback, ...message }: InboundBody): Words {
  switch (type) {
    case 'text':
      return { text }
    case 'reply':
      return { text: reply?.title ?? reply?.id, payload: reply?.id }
    case 'button':
    case 'postback': {
      const pressed = button ?? postback
      const title = button?.text ?? postback?.title
      return { text: title ?? pressed?.payload, payload: pressed?.payload }
    }
    case 'image':
    case 'video':
    case 'file':
    case 'audio':
      return { text: null, caption: message[type]?.caption }
    default:
      return { text: null }
  }
}

function isV01(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'from' in body && typeof body.from === 'object'
}
