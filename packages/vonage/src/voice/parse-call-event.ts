import { callEvent } from '@switchboard/contracts'
import type { CallEvent } from '@switchboard/contracts'
import { z } from 'zod'

import { optionalScalar, scalar } from '../webhooks/fields.ts'
import { eventTime } from '../webhooks/parse-timestamp.ts'
import { describe, ignored, parsedAs, unrecognised } from '../webhooks/parsed.ts'
import type { Parsed } from '../webhooks/parsed.ts'

const event = z.object({
  uuid: optionalScalar,
  call_uuid: optionalScalar,
  conversation_uuid: optionalScalar,
  status: optionalScalar,
  detail: optionalScalar,
  from: optionalScalar,
  to: optionalScalar,
  direction: optionalScalar,
  timestamp: optionalScalar,
  duration: optionalScalar,
  price: optionalScalar,
  rate: optionalScalar,
  start_time: optionalScalar,
  end_time: optionalScalar,
  reason: optionalScalar,
  disconnected_by: optionalScalar,
  headers: z.record(z.string(), scalar).optional().catch(undefined),
})
type EventBody = z.output<typeof event>

const CALL_STATUSES = new Set([
  'started',
  'ringing',
  'answered',
  'busy',
  'cancelled',
  'timeout',
  'unanswered',
  'rejected',
  'failed',
  'human',
  'machine',
  'disconnected',
  'completed',
])
/** Of payments and transcriptions, which share the field. */
const OTHER_STATUSES = new Set(['success', 'failure', 'transcribed'])
/** Results of NCCO actions have no status; these fields tell them. */
const ACTION_RESULTS = ['dtmf', 'speech', 'recording_url', 'conversation_uuid_from', 'payload']

/** An event webhook of a call: the JSON body of a POST or the query of a GET. Never throws. */
export function parseCallEvent(body: unknown, receivedAt: number): Parsed<CallEvent> {
  const read = event.safeParse(body)
  if (!read.success) return unrecognised(describe(read.error))
  const status = read.data.status ?? (isError(read.data) ? 'error' : undefined)
  if (status === undefined) {
    return isActionResult(body) ? ignored('result of an action') : unrecognised('status: missing')
  }
  if (OTHER_STATUSES.has(status)) return ignored(`not about the call: ${status}`)
  if (status !== 'error' && !CALL_STATUSES.has(status)) return unrecognised('status: not a status of a call')
  return parsedAs(callEvent, toCallEvent(read.data, status, receivedAt))
}

function toCallEvent(body: EventBody, status: string, receivedAt: number): CallEvent {
  return {
    uuid: body.uuid ?? body.call_uuid,
    conversationUuid: body.conversation_uuid,
    status,
    detail: body.detail,
    from: body.from,
    to: body.to,
    direction: body.direction,
    at: eventTime(body.timestamp, receivedAt),
    receivedAt,
    durationSeconds: body.duration,
    price: body.price,
    rate: body.rate,
    startedAt: body.start_time,
    endedAt: body.end_time,
    reason: body.reason,
    disconnectedBy: body.disconnected_by,
    headers: body.headers,
  }
}

/** Such as a syntax error in our NCCO: a reason, and no leg. */
function isError({ reason, uuid, call_uuid }: EventBody): boolean {
  return reason !== undefined && uuid === undefined && call_uuid === undefined
}

function isActionResult(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ACTION_RESULTS.some((field) => field in body)
}
