import { plainFormat } from './channel-format.ts'
import type { Sendable } from './channel-format.ts'

/** From a service id to a phone number. */
export const viberService = plainFormat({
  channel: 'viber_service',
  v01: { type: 'viber_service_msg', from: 'id', to: 'number' },
  captions: { of: ['image', 'video'], maxLength: 1000 },
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
