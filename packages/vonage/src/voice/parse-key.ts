import { z } from 'zod'

import { optionalScalar } from '../webhooks/fields.ts'
import { eventTime } from '../webhooks/parse-timestamp.ts'
import { parsedAs } from '../webhooks/parsed.ts'
import type { Parsed } from '../webhooks/parsed.ts'

const pressed = z.object({
  /** The leg of whoever is asked. */
  uuid: z.string().min(1).max(100),
  /** Empty when the time was over. */
  key: z.string().max(20),
  /** Milliseconds, by the provider. */
  at: z.int(),
})
export type KeyPressed = z.output<typeof pressed>

const body = z.object({
  uuid: optionalScalar,
  timestamp: optionalScalar,
  /** An object; older accounts send the digits alone. */
  dtmf: z
    .union([z.object({ digits: optionalScalar }), optionalScalar])
    .optional()
    .catch(undefined),
})

/** The result of an `input` action. Never throws. */
export function parseKey(source: unknown, receivedAt: number): Parsed<KeyPressed> {
  const { uuid = '', timestamp, dtmf } = body.safeParse(source).data ?? {}
  const key = typeof dtmf === 'object' ? dtmf.digits : dtmf
  return parsedAs(pressed, { uuid, key: key ?? '', at: eventTime(timestamp, receivedAt) })
}
