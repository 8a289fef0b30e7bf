import { callHeaders } from '@switchboard/contracts'
import { z } from 'zod'

/** What Vonage says in text frames (reference: "WebSocket protocol"). */
export type TextMessage =
  | { kind: 'connected'; contentType: string; callUuid: string | undefined }
  | { kind: 'dtmf'; digit: string; durationMs: number | undefined }
  /** Something Vonage may say that needs no answer. */
  | { kind: 'other'; event: string }
  | { kind: 'junk' }

const message = z.looseObject({ event: z.string().max(100) })
const connected = z.object({
  'content-type': z.string(),
  call_uuid: callHeaders.shape.call_uuid.optional().catch(undefined),
})
const dtmf = z.object({
  digit: z.string().regex(/^[0-9*#A-D]$/),
  duration: z.coerce.number().optional().catch(undefined),
})

export function parseText(text: string): TextMessage {
  const read = message.safeParse(parseJson(text))
  if (!read.success) return { kind: 'junk' }
  switch (read.data.event) {
    case 'websocket:connected': {
      const { success, data } = connected.safeParse(read.data)
      return success
        ? { kind: 'connected', contentType: data['content-type'], callUuid: data.call_uuid }
        : { kind: 'junk' }
    }
    case 'websocket:dtmf': {
      const { success, data } = dtmf.safeParse(read.data)
      return success ? { kind: 'dtmf', digit: data.digit, durationMs: data.duration } : { kind: 'junk' }
    }
    default:
      return { kind: 'other', event: read.data.event }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
