import { z } from 'zod'

import { isPhoneNumber } from '../channels.ts'
import { parseBody } from '../messages/endpoints.ts'
import type { ApiRequest, Endpoint } from '../vonage/endpoint.ts'
import { answerProblem, type Answer } from '../vonage/problem.ts'
import { createRateLimit } from '../vonage/rate-limit.ts'
import { openLeg, type Call } from './call.ts'
import type { Calls } from './calls.ts'
import { checkNcco, type Ncco } from './ncco.ts'

const newCall = z.looseObject({
  to: z.array(z.looseObject({ type: z.string(), number: z.string().optional(), uri: z.string().optional() })).length(1),
  from: z.looseObject({ type: z.string(), number: z.string().optional() }).optional(),
  random_from_number: z.boolean().optional(),
  ncco: z.array(z.unknown()).optional(),
  answer_url: z.array(z.url()).length(1).optional(),
  event_url: z.array(z.url()).length(1).optional(),
  machine_detection: z.enum(['continue', 'hangup']).optional(),
  ringing_timer: z.number().int().min(1).max(120).optional(),
  length_timer: z.number().int().min(1).max(86_400).optional(),
})

type NewCall = z.infer<typeof newCall>

const update = z.looseObject({
  action: z.enum(['hangup', 'mute', 'unmute', 'earmuff', 'unearmuff', 'transfer']),
  destination: z
    .looseObject({ type: z.literal('ncco'), ncco: z.array(z.unknown()).optional(), url: z.array(z.url()).optional() })
    .optional(),
})

export interface VoiceDeps {
  calls: Calls
  /** The account's own number, for `random_from_number`. */
  ownNumber: () => string
}

const CALLS_PER_SECOND = 3

/** `/v1/calls`: JWT only. */
export function voiceEndpoints(deps: VoiceDeps): Endpoint[] {
  const rate = createRateLimit(() => CALLS_PER_SECOND)
  return [
    endpoint('POST', '/v1/calls', (request) => (rate.take() ? create(request, deps) : tooMany())),
    endpoint('GET', '/v1/calls', () => list(deps)),
    endpoint('GET', '/v1/calls/:uuid', (request) => withCall(request, deps, (call) => ok(describe(call)))),
    endpoint('PUT', '/v1/calls/:uuid', (request) => change(request, deps)),
    endpoint('PUT', '/v1/calls/:uuid/dtmf', (request) =>
      withCall(request, deps, (call) => sendDigits(request, call, deps)),
    ),
    ...['stream', 'talk'].flatMap((what) => [
      endpoint('PUT', `/v1/calls/:uuid/${what}`, (request) =>
        withCall(request, deps, (call) => said(call, `${what} started`)),
      ),
      endpoint('DELETE', `/v1/calls/:uuid/${what}`, (request) =>
        withCall(request, deps, (call) => said(call, `${what} stopped`)),
      ),
    ]),
  ]
}

function endpoint(method: Endpoint['method'], path: string, handle: Endpoint['handle']): Endpoint {
  return { method, paths: [path], product: 'voice', style: 'json', accepts: ['jwt'], handle }
}

function create(request: ApiRequest, { calls, ownNumber }: VoiceDeps): Answer {
  const body = parseBody(request.rawBody)
  const parsed = newCall.safeParse(body.ok ? body.value : null)
  if (!parsed.success) return bad(parsed.error.issues[0]?.path.join('.') ?? 'body')
  const { to, from, ncco, answer_url, event_url } = parsed.data
  if ((ncco === undefined) === (answer_url === undefined)) return bad('ncco')
  if ((from === undefined) === (parsed.data.random_from_number !== true)) return bad('from')
  const number = to[0]?.number
  if (to[0]?.type !== 'phone' || !isPhoneNumber(number)) return bad('to')
  const checked = ncco === undefined ? null : checkNcco(ncco)
  if (checked?.ok === false) return bad('ncco')
  const answer = checked ? { ncco: checked.ncco } : { answerUrl: answer_url?.[0] }
  const plan = { ...answer, ...howLong(parsed.data) }
  const call = calls.place(from?.number ?? ownNumber(), number, plan, event_url?.[0])
  const { uuid, conversationUuid } = call
  return {
    status: 201,
    about: [uuid],
    body: { uuid, status: 'started', direction: 'outbound', conversation_uuid: conversationUuid },
  }
}

function howLong({ machine_detection: machineDetection, ringing_timer: ringing, length_timer: length }: NewCall) {
  return {
    machineDetection,
    ...(ringing === undefined ? {} : { ringMs: ringing * 1_000 }),
    ...(length === undefined ? {} : { longestMs: length * 1_000 }),
  }
}

function change(request: ApiRequest, { calls }: VoiceDeps): Answer {
  const found = calls.findLeg(request.params.uuid ?? '')
  if (!found) return missing()
  const body = parseBody(request.rawBody)
  const parsed = update.safeParse(body.ok ? body.value : null)
  if (!parsed.success) return bad('action')
  const { call, isLeg } = found
  switch (parsed.data.action) {
    case 'hangup':
      // A leg that is hung up from here reports no `disconnected`; the call goes on with its next action.
      if (isLeg) openLeg(call)?.socket?.hangUp()
      else call.hangUp.abort()
      break
    case 'mute':
    case 'unmute':
      call.isMuted = parsed.data.action === 'mute'
      break
    case 'earmuff':
    case 'unearmuff':
      call.isEarmuffed = parsed.data.action === 'earmuff'
      break
    case 'transfer':
      return transfer(call, parsed.data.destination?.ncco)
  }
  return { status: 204, about: [call.uuid], body: null }
}

function transfer(call: Call, ncco: unknown[] | undefined): Answer {
  const checked = checkNcco(ncco)
  if (!checked.ok) return bad('destination')
  const following: Ncco = checked.ncco
  call.replacement = following
  call.skip.abort()
  return { status: 204, about: [call.uuid], body: null }
}

function list({ calls }: VoiceDeps): Answer {
  const all = calls.list().map(describe)
  return ok({ count: all.length, page_size: all.length, record_index: 0, _embedded: { calls: all } })
}

function describe(call: Call): Record<string, unknown> {
  return {
    uuid: call.uuid,
    conversation_uuid: call.conversationUuid,
    status: call.state,
    direction: call.direction,
    from: { type: 'phone', number: call.from },
    to: { type: 'phone', number: call.to },
    start_time: call.answeredAt,
    end_time: call.endedAt,
    rate: '0.01270000',
    price: '0.00000000',
    duration: String(
      call.endedAt === null ? 0 : Math.ceil((Date.parse(call.endedAt) - Date.parse(call.startedAt)) / 1_000),
    ),
    network: '23410',
    _links: { self: { href: `/v1/calls/${call.uuid}` } },
  }
}

function withCall(request: ApiRequest, deps: VoiceDeps, handle: (call: Call) => Answer): Answer {
  const found = deps.calls.findLeg(request.params.uuid ?? '')
  return found ? handle(found.call) : missing()
}

function sendDigits(request: ApiRequest, call: Call, { calls }: VoiceDeps): Answer {
  const body = parseBody(request.rawBody)
  const digits = body.ok ? body.value.digits : null
  if (typeof digits !== 'string' || !/^[0-9*#p]+$/.test(digits)) return bad('digits')
  calls.press(call, digits.replaceAll('p', ''), 200)
  return said(call, 'DTMF sent')
}

function said(call: Call, message: string): Answer {
  return { status: 200, about: [call.uuid], body: { message, uuid: call.uuid } }
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function bad(name: string): Answer {
  const type = 'https://developer.vonage.com/api-errors#invalid-params'
  const invalidParameters = [{ name, reason: 'is missing or not valid' }]
  return answerProblem({
    status: 400,
    type,
    title: 'Bad Request',
    detail: `${name} is missing or not valid`,
    invalidParameters,
  })
}

function missing(): Answer {
  const type = 'https://developer.vonage.com/api-errors#not-found'
  return answerProblem({ status: 404, type, title: 'Not Found', detail: 'No such call in this region' })
}

function tooMany(): Answer {
  const type = 'https://developer.vonage.com/api-errors#throttled'
  return answerProblem(
    { status: 429, type, title: 'Rate Limit Hit', detail: 'At most three calls a second' },
    { 'retry-after': '1' },
  )
}
