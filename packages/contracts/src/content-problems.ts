import type { Channel } from './channel.ts'
import { messageOptions } from './message-content.ts'
import type { MessageContent, MessageOptions, MessageParts } from './message-content.ts'

export interface ContentProblem {
  field: string
  message: string
}

interface Taken {
  /** Characters. Vonage refuses more. */
  maxTextLength: number
  content: readonly MessageContent['type'][]
  options: readonly (keyof MessageOptions)[]
}

/** What each channel takes besides text (Messages 1.20). How it is written: packages/vonage. */
export const takenBy: Record<Channel, Taken> = {
  sms: { maxTextLength: 3200, content: [], options: ['ttlSeconds'] },
  whatsapp: {
    maxTextLength: 4096,
    content: ['image', 'audio', 'video', 'file', 'sticker', 'template', 'custom'],
    options: [],
  },
  messenger: {
    maxTextLength: 640,
    content: ['image', 'audio', 'video', 'file'],
    options: ['messengerTag', 'messengerCategory'],
  },
  viber_service: {
    maxTextLength: 1000,
    content: ['image', 'video', 'file'],
    options: ['ttlSeconds', 'viberCategory', 'viberType', 'viberButton'],
  },
}

/** Everything that Vonage would refuse about a message on its channel, as far as it can be known before. */
export function contentProblems(channel: Channel, message: MessageParts & { text: string }): ContentProblem[] {
  const taken = takenBy[channel]
  const { content, options = {}, text } = message
  const foreign = messageOptions.keyof().options.filter((name) => name in options && !taken.options.includes(name))
  const viber = channel === 'viber_service' ? viberProblem(message) : undefined
  return [
    ...(content && !taken.content.includes(content.type)
      ? [
          {
            field: 'content.type',
            message: `${channel} takes ${['text', ...taken.content].join(', ')}, no ${content.type}`,
          },
        ]
      : []),
    ...(!content && text.length > taken.maxTextLength
      ? [{ field: 'text', message: `must have at most ${taken.maxTextLength} characters on ${channel}` }]
      : []),
    ...foreign.map((name) => ({ field: `options.${name}`, message: `is not known to ${channel}` })),
    ...(viber ? [viber] : []),
  ]
}

const MAX_FILE_NAME = 25
const MIN_TTL_SECONDS = 30
const MAX_TTL_SECONDS = 259_200

function viberProblem({ content, options }: MessageParts): ContentProblem | undefined {
  const ttl = options?.ttlSeconds ?? MIN_TTL_SECONDS
  if (ttl < MIN_TTL_SECONDS || ttl > MAX_TTL_SECONDS) {
    return { field: 'options.ttlSeconds', message: `must be ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS} on Viber` }
  }
  if (content?.type === 'image' && options?.viberButton && content.caption === undefined) {
    return { field: 'content.caption', message: 'is required on Viber where there is a button' }
  }
  if (content?.type === 'file' && (content.name?.length ?? 0) > MAX_FILE_NAME) {
    return { field: 'content.name', message: `must have at most ${MAX_FILE_NAME} characters on Viber` }
  }
  if (content?.type !== 'video') return undefined
  const { caption, thumbUrl, durationSeconds, megabytes } = content
  const missing = Object.entries({ caption, thumbUrl, durationSeconds, megabytes }).find(
    ([, value]) => value === undefined,
  )
  return missing && { field: `content.${missing[0]}`, message: 'is required for a video on Viber' }
}
