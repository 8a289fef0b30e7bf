import { isWebSocketLeg } from '@switchboard/contracts'
import type { CallEvent, CallHeaders, Enqueue } from '@switchboard/contracts'
import { issueToken, verifyLinkToken } from '@switchboard/tokens'
import { echoNcco, parseAnswer, parseCallEvent, sayNcco } from '@switchboard/vonage'
import type { AnswerRequest, Ncco, Parsed } from '@switchboard/vonage'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { keep } from '../accept.ts'
import type { AcceptDeps } from '../accept.ts'
import { Problem } from '../problem.ts'
import type { VoiceSettings } from '../voice-config.ts'
import { decodeBody, receiveBytes } from '../webhook-body.ts'

export interface VoiceWebhookDeps extends AcceptDeps {
  /** Throws a Problem unless the request is signed by Vonage for our application, or need not be. */
  requireVoiceSignature: (request: FastifyRequest) => Promise<void>
  callEvents: Enqueue<CallEvent>
  sessionSecret: string
  voice: VoiceSettings
  /** Whether this caller may have another call within the hour. */
  mayCall: (caller: string, callUuid: string) => Promise<boolean>
}

/** Whoever does not say who they are has one limit with all who do not. */
const WITHHELD = 'withheld'
/** Vonage opens the WebSocket as soon as the greeting is spoken, which is part of these seconds. */
const TOKEN_TTL_SECONDS = 60

/** Webhooks of voice applications, by GET or POST as the application is set. `/ncco` and `/webhooks/event` are the tutorial's names. */
export function voiceWebhooks(app: FastifyInstance, deps: VoiceWebhookDeps): void {
  receiveBytes(app)
  app.addHook('preHandler', deps.requireVoiceSignature)

  const answer = async (request: FastifyRequest, reply: FastifyReply) =>
    sendNcco(reply, await answerCall(request, parseAnswer(decodeBody(request)), deps))
  const fallback = (request: FastifyRequest, reply: FastifyReply) => {
    const parsed = parseAnswer(decodeBody(request))
    const call = parsed.kind === 'parsed' ? { call: parsed.value.uuid, reason: parsed.value.reason } : {}
    request.log.error(call, 'call.fallback')
    return sendNcco(reply, apologise(deps.voice))
  }
  const event = async (request: FastifyRequest, reply: FastifyReply) => {
    const parsed = parseCallEvent(decodeBody(request), deps.now())
    await keep(request, parsed, deps.callEvents, deps)
    // Only these may answer with how the call goes on.
    if (parsed.kind === 'parsed' && isEchoLost(parsed.value)) return sendNcco(reply, apologise(deps.voice))
    return reply.code(200).send()
  }

  const ownEvent = async (
    request: FastifyRequest<{ Params: { token: string }; Querystring: { leavesText?: string } }>,
    reply: FastifyReply,
  ) => {
    const check = verifyLinkToken(deps.sessionSecret, { purpose: 'call', token: request.params.token, now: deps.now() })
    if (check.kind !== 'valid') throw new Problem(404, 'Unknown call', 'No such call was placed.')
    const about = { messageId: check.subject, ...(request.query.leavesText === 'true' ? { leavesText: true } : {}) }
    const parsed = parseCallEvent(decodeBody(request), deps.now())
    await keep(
      request,
      parsed.kind === 'parsed' ? { ...parsed, value: { ...parsed.value, ...about } } : parsed,
      deps.callEvents,
      deps,
    )
    return reply.code(200).send()
  }

  app.post('/webhooks/call-events/:token', { schema: { hide: true }, config: { isRepeatable: true } }, ownEvent)
  for (const method of ['GET', 'POST'] as const) {
    const options = { method, schema: { hide: true }, config: { isRepeatable: true } }
    app.route({ ...options, url: '/webhooks/answer', handler: answer })
    app.route({ ...options, url: '/ncco', handler: answer })
    app.route({ ...options, url: '/webhooks/answer/fallback', handler: fallback })
    app.route({ ...options, url: '/webhooks/events', handler: event })
    app.route({ ...options, url: '/webhooks/event', handler: event })
  }
}

async function answerCall(
  request: FastifyRequest,
  parsed: Parsed<AnswerRequest>,
  { voice, now, count, mayCall }: VoiceWebhookDeps,
): Promise<Ncco> {
  count(request.routeOptions.url ?? '', parsed.kind)
  if (parsed.kind !== 'parsed') {
    request.log.warn(
      { problem: parsed.kind === 'unrecognised' ? parsed.problem : parsed.reason },
      'call.not-understood',
    )
    return apologise(voice)
  }
  const { uuid, conversationUuid, from, to } = parsed.value
  // A call needs no Redis: while it is away there is no limit.
  if (!(await mayCall(from ?? WITHHELD, uuid).catch(() => true))) {
    count(request.routeOptions.url ?? '', 'limited')
    request.log.warn({ call: uuid }, 'call.limited')
    return apologise(voice)
  }
  const ids = { call_uuid: uuid, ...(conversationUuid ? { conversation_uuid: conversationUuid } : {}) }
  const claim = { purpose: 'echo', subject: uuid, ttlSeconds: TOKEN_TTL_SECONDS, now: now() } as const
  const token = await issueToken(voice.tokenSecret, claim)
  request.log.info({ call: uuid }, 'call.answered')
  return echoNcco({ ...voice, headers: ids satisfies CallHeaders, token, from: to })
}

function apologise({ apology, language }: VoiceSettings): Ncco {
  return sayNcco({ text: apology, language })
}

const LOST = new Set(['failed', 'unanswered', 'disconnected'])

/** The WebSocket leg did not come about, or ended before the caller did. */
function isEchoLost(event: CallEvent): boolean {
  return isWebSocketLeg(event) && LOST.has(event.status)
}

function sendNcco(reply: FastifyReply, ncco: Ncco): FastifyReply {
  return reply.code(200).type('application/json').send(JSON.stringify(ncco))
}
