import { z } from 'zod'

import { parseBody } from '../messages/endpoints.ts'
import { asList, asText, asUrl } from '../messages/read-body.ts'
import type { People } from '../people.ts'
import type { ApiRequest, Endpoint } from '../vonage/endpoint.ts'
import { answerProblem, type Answer } from '../vonage/problem.ts'
import { createRateLimit } from '../vonage/rate-limit.ts'
import { openLeg, type Call } from './call.ts'
import type { Calls } from './calls.ts'
import { destinationOf } from './destination.ts'
import { callsQuery, describeCall, listCalls } from './list-calls.ts'
import { checkNcco, endpointSchema } from './ncco.ts'

const method = z.enum(['GET', 'POST'])

const newCall = z.looseObject({
  to: z.array(endpointSchema).length(1),
  from: z.looseObject({ type: z.string(), number: z.string().optional() }).optional(),
  random_from_number: z.boolean().optional(),
  ncco: z.array(z.unknown()).optional(),
  answer_url: z.array(z.url()).length(1).optional(),
  answer_method: method.optional(),
  event_url: z.array(z.url()).length(1).optional(),
  event_method: method.optional(),
  machine_detection: z.enum(['continue', 'hangup']).optional(),
  advanced_machine_detection: z
    .looseObject({
      behavior: z.enum(['continue', 'hangup']).default('continue'),
      mode: z.enum(['default', 'detect', 'detect_beep']).default('detect'),
      beep_timeout: z.int().min(30).max(120).optional(),
    })
    .optional(),
  ringing_timer: z.int().min(1).max(120).optional(),
  length_timer: z.int().min(1).max(86_400).optional(),
})

type NewCall = z.infer<typeof newCall>

const update = z.looseObject({
  action: z.enum(['hangup', 'mute', 'unmute', 'earmuff', 'unearmuff', 'transfer']),
  destination: z
    .looseObject({
      type: z.literal('ncco'),
      ncco: z.array(z.unknown()).optional(),
      url: z.array(z.url()).length(1).optional(),
    })
    .optional(),
})

export interface VoiceDeps {
  calls: Calls
  people: Pick<People, 'list'>
  /** The account's own number, for `random_from_number`. */
  ownNumber: () => string
}

const CALLS_PER_SECOND = 3

/** `/v1/calls`: JWT only. */
export function voiceEndpoints(deps: VoiceDeps): Endpoint[] {
  const rate = createRateLimit(() => CALLS_PER_SECOND)
  return [
    endpoint('POST', '/v1/calls', (request) => (rate.take() ? create(request, deps) : tooMany())),
    endpoint('GET', '/v1/calls', (request) => list(request, deps)),
    endpoint('GET', '/v1/calls/:uuid', (request) => withCall(request, deps, (call) => ok(describeCall(call)))),
    endpoint('PUT', '/v1/calls/:uuid', (request) => change(request, deps)),
    endpoint('PUT', '/v1/calls/:uuid/dtmf', (request) =>
      withCall(request, deps, (call) => sendDigits(request, call, deps)),
    ),
    endpoint('PUT', '/v1/calls/:uuid/input/dtmf', (request) =>
      withCall(request, deps, (call) => listen(request, call)),
    ),
    endpoint('DELETE', '/v1/calls/:uuid/input/dtmf', (request) =>
      withCall(request, deps, (call) => {
        call.keysUrl = null
        return { status: 204, about: [call.uuid], body: null }
      }),
    ),
    ...(['stream', 'talk'] as const).flatMap((what) => [
      endpoint('PUT', `/v1/calls/:uuid/${what}`, (request) =>
        withCall(request, deps, (call) => interrupt(what, request, call, deps)),
      ),
      endpoint('DELETE', `/v1/calls/:uuid/${what}`, (request) =>
        withCall(request, deps, (call) => said(call, `${names[what]} stopped`)),
      ),
    ]),
    endpoint('GET', '/v1/files/:id', (request) => file(request, deps)),
  ]
}

const names = { stream: 'Stream', talk: 'Talk' }

function endpoint(verb: Endpoint['method'], path: string, handle: Endpoint['handle']): Endpoint {
  return { method: verb, paths: [path], product: 'voice', style: 'json', accepts: ['jwt'], handle }
}

function create(request: ApiRequest, { calls, ownNumber, people }: VoiceDeps): Answer {
  const body = parseBody(request.rawBody)
  const parsed = newCall.safeParse(body.ok ? body.value : null)
  if (!parsed.success) return bad(parsed.error.issues[0]?.path.join('.') ?? 'body')
  const { to, from, ncco, answer_url, event_url, event_method: eventMethod } = parsed.data
  if ((ncco === undefined) === (answer_url === undefined)) return bad('ncco')
  if ((from === undefined) === (parsed.data.random_from_number !== true)) return bad('from')
  const [endpointOfCall] = to
  if (!endpointOfCall) return bad('to')
  const checked = ncco === undefined ? null : checkNcco(ncco)
  if (checked?.ok === false) return bad('ncco')
  const answer = checked ? { ncco: checked.ncco } : { answer: answerOf(parsed.data) }
  const call = calls.place({
    from: from?.number ?? ownNumber(),
    to: destinationOf(endpointOfCall, people),
    plan: { ...answer, ...howLong(parsed.data) },
    eventUrl: event_url?.[0],
    eventMethod,
  })
  const { uuid, conversationUuid } = call
  return {
    status: 201,
    about: [uuid],
    body: { uuid, status: 'started', direction: 'outbound', conversation_uuid: conversationUuid },
  }
}

function answerOf({ answer_url: url, answer_method: verb }: NewCall) {
  return { ...(url?.[0] === undefined ? {} : { url: url[0] }), ...(verb === undefined ? {} : { method: verb }) }
}

function howLong({ ringing_timer: ringing, length_timer: length, ...body }: NewCall) {
  const advanced = body.advanced_machine_detection
  return {
    machineDetection: advanced?.behavior ?? body.machine_detection,
    detectsBeep: advanced?.mode === 'detect_beep',
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
      return transfer(call, parsed.data.destination, calls)
  }
  return { status: 204, about: [call.uuid], body: null }
}

function transfer(call: Call, destination: z.infer<typeof update>['destination'], calls: Calls): Answer {
  const [url] = destination?.url ?? []
  const checked = checkNcco(destination?.ncco)
  if (url !== undefined) calls.transfer(call, { url, method: 'GET' })
  else if (checked.ok) calls.transfer(call, checked.ncco)
  else return bad('destination')
  return { status: 204, about: [call.uuid], body: null }
}

function list(request: ApiRequest, { calls }: VoiceDeps): Answer {
  const query = callsQuery.safeParse(request.query)
  if (!query.success) return bad(query.error.issues[0]?.path.join('.') ?? 'query')
  return ok(listCalls(calls.list(), query.data, new URLSearchParams(request.query).toString()))
}

/** A recording is fetched with a token, as everything of the Voice API. */
function file(request: ApiRequest, { calls }: VoiceDeps): Answer {
  const wav = calls.recording(request.params.id ?? '')
  return wav ? { status: 200, body: null, file: wav, headers: { 'content-type': 'audio/wav' } } : missing()
}

function withCall(request: ApiRequest, deps: VoiceDeps, handle: (call: Call) => Answer): Answer {
  const found = deps.calls.findLeg(request.params.uuid ?? '')
  return found ? handle(found.call) : missing()
}

function sendDigits(request: ApiRequest, call: Call, { calls }: VoiceDeps): Answer {
  const body = parseBody(request.rawBody)
  const digits = body.ok ? body.value.digits : null
  if (typeof digits !== 'string' || !/^[0-9*#p]+$/.test(digits)) return bad('digits')
  calls.sendDigits(call, request.params.uuid ?? '', digits)
  return said(call, 'DTMF sent')
}

/** From now on the application hears of every key, beside whatever else goes on. */
function listen(request: ApiRequest, call: Call): Answer {
  const body = parseBody(request.rawBody)
  const url = body.ok ? asUrl(asList(body.value.event_url)[0]) : null
  if (url === null) return bad('event_url')
  call.keysUrl = url
  return { status: 204, about: [call.uuid], body: null }
}

/** Talk or a stream into a call that goes on. */
function interrupt(what: 'stream' | 'talk', request: ApiRequest, call: Call, { calls }: VoiceDeps): Answer {
  const body = parseBody(request.rawBody)
  if (!body.ok) return bad('body')
  const text = asText(body.value.text)
  const url = asText(asList(body.value.stream_url)[0])
  if (what === 'talk' && text === null) return bad('text')
  if (what === 'stream' && url === null) return bad('stream_url')
  if (what === 'talk') calls.tell(call, 'talk', text ?? '', asText(body.value.language) ?? undefined)
  else calls.tell(call, 'action', `plays ${url}`)
  return said(call, `${names[what]} started`)
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
