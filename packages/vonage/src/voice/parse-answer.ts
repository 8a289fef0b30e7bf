import { z } from 'zod'

import { optionalScalar } from '../webhooks/fields.ts'
import { parsedAs } from '../webhooks/parsed.ts'
import type { Parsed } from '../webhooks/parsed.ts'
import { readParams } from '../webhooks/read-params.ts'

const answer = z.object({
  /** The caller's leg. */
  uuid: z.string().min(1).max(100),
  conversationUuid: z.string().max(100).optional(),
  from: optionalScalar,
  to: optionalScalar,
  /** Where this call lives: REST requests about it go there. */
  regionUrl: optionalScalar,
  /** Why the fallback URL is asked instead of the answer URL. */
  reason: optionalScalar,
})

/** A call that Vonage asks us to answer. */
export type AnswerRequest = z.output<typeof answer>

/** The answer webhook or its fallback: the query of a GET or the JSON body of a POST. Never throws. */
export function parseAnswer(source: unknown): Parsed<AnswerRequest> {
  const params = readParams(source) ?? {}
  return parsedAs(answer, {
    uuid: params['uuid'] ?? '',
    conversationUuid: params['conversation_uuid'],
    from: params['from'] ?? params['from_user'],
    to: params['to'],
    regionUrl: params['region_url'],
    reason: params['reason'],
  })
}
