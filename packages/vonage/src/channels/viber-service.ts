import { plainFormat } from './channel-format.ts'
import type { Sendable } from './channel-format.ts'

const MAX_FILE_NAME = 25
const MIN_TTL_SECONDS = 30
const MAX_TTL_SECONDS = 259_200

/** From a service id to a phone number. */
export const viberService = plainFormat({
  maxTextLength: 1000,
  v01: { type: 'viber_service_msg', from: 'id', to: 'number' },
  takes: ['image', 'video', 'file'],
  captions: { of: ['image', 'video'], maxLength: 1000 },
  takesOptions: ['ttlSeconds', 'viberCategory', 'viberType', 'viberButton'],
  problem,
  optionsV1: (message) => named('viber_service', message),
  optionsV01: (message) => named('viber_service_msg', message),
})

function named(member: string, { content, options }: Sendable): object {
  const video = content?.type === 'video' ? content : undefined
  const written = {
    category: options?.viberCategory,
    type: options?.viberType,
    ttl: options?.ttlSeconds,
    action: options?.viberButton,
    duration: video?.durationSeconds?.toString(),
    file_size: video?.megabytes?.toString(),
  }
  return Object.values(written).some((value) => value !== undefined) ? { [member]: written } : {}
}

function problem({ content, options }: Sendable): { field: string; message: string } | undefined {
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
