import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Account, AccountSettings } from '../account.ts'
import { channelFromV01, isChannel } from '../channels.ts'
import type { Faults, FaultSubject, SendFault } from '../faults.ts'
import { asObject, type Body } from '../messages/read-body.ts'
import type { RequestLog } from '../request-log.ts'
import { refuseSms, smsError } from '../sms/answers.ts'
import type { Authenticator, Identity } from './authenticate.ts'
import { guessEndpoint } from './guess-endpoint.ts'
import { logRequest, logUnknown, strings } from './log-request.ts'
import { answerProblem, problemForStatus, problems, unknownPath, unreadable, type Answer } from './problem.ts'
import type { RateLimit } from './rate-limit.ts'

export interface ApiRequest {
  method: string
  headers: IncomingHttpHeaders
  query: Record<string, string>
  params: Record<string, string>
  rawBody: string
  identity: Identity
}

/** One operation of Vonage's HTTP API. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  paths: string[]
  product: AccountSettings['products'][number]
  /** How its errors look: the SMS API reports them inside HTTP 200. */
  style: 'json' | 'sms'
  /** Who may call it; the SMS API looks at its parameters itself. */
  accepts: readonly ('jwt' | 'basic')[]
  handle(request: ApiRequest): Answer | Promise<Answer>
}

export interface EndpointDeps {
  account: Pick<Account, 'settings'>
  authenticator: Authenticator
  faults: Pick<Faults, 'takeSend'>
  log: Pick<RequestLog, 'add'>
  rateLimit: RateLimit
}

const BODY_LIMIT = 1_048_576

/** Of the simulator itself, not of Vonage: what is not found there is nothing an application meant for Vonage. */
const OWN_PATHS = /^\/(control|static|try)\/|^\/(favicon\.ico|robots\.txt|apple-touch-icon.*)$/

/** Serves the endpoints with raw bodies, as they came; each request is logged, also one that nothing takes. */
export async function registerEndpoints(
  app: FastifyInstance,
  endpoints: Endpoint[],
  deps: EndpointDeps,
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) => {
      done(null, body)
    })
    for (const endpoint of endpoints) {
      for (const url of endpoint.paths) {
        scope.route({
          method: endpoint.method,
          url,
          handler: (request, reply) => serve(endpoint, request, reply, deps),
        })
      }
    }
    scope.setErrorHandler(async (error, request, reply) => {
      const answer = answerProblem(unreadable(error))
      logUnknown(deps.log, request, answer, `refused: ${error instanceof Error ? error.message : String(error)}`)
      await send(reply, answer)
    })
    scope.setNotFoundHandler(async (request, reply) => {
      const guess = guessEndpoint(request.method, request.url, endpoints)
      const answer = answerProblem(unknownPath(request.method, request.url, guess))
      const isOurs = OWN_PATHS.test(request.url)
      if (!isOurs) logUnknown(deps.log, request, answer, `unknown${guess === null ? '' : `, perhaps ${guess}`}`)
      await send(reply, answer)
    })
  })
}

async function send(reply: FastifyReply, answer: Answer): Promise<void> {
  await reply
    .code(answer.status)
    .headers({ 'x-request-id': randomUUID(), 'content-type': 'application/json', ...answer.headers })
    .send(answer.file ?? (answer.body === null ? '' : JSON.stringify(answer.body)))
}

async function serve(endpoint: Endpoint, raw: FastifyRequest, reply: FastifyReply, deps: EndpointDeps): Promise<void> {
  const startedAt = Date.now()
  const identity = await identify(endpoint, raw, deps)
  const request = readRequest(raw, identity)
  const faults = deps.faults.takeSend(
    ['drop', 'latency', 'status', 'hang', 'accept-then-drop'],
    subjectOf(request.rawBody),
  )
  const latency = faults.find((fault) => fault.kind === 'latency')
  if (latency?.kind === 'latency') await wait(latency.ms, undefined, { ref: false })
  const isDropped = faults.some((fault) => fault.kind === 'drop')
  const answer = isDropped ? { status: 0, body: '' } : await answerTo(endpoint, request, faults, deps)
  const isLost = isDropped || faults.some((fault) => fault.kind === 'accept-then-drop')
  logRequest(deps.log, raw, request, answer, { startedAt, isLost, faults: faults.map((fault) => fault.kind) })
  const hang = faults.find((fault) => fault.kind === 'hang')
  if (hang?.kind === 'hang') await wait(hang.ms, undefined, { ref: false })
  if (isLost) {
    reply.hijack()
    raw.raw.socket.destroy()
    return
  }
  await send(reply, answer)
}

async function identify(endpoint: Endpoint, raw: FastifyRequest, deps: EndpointDeps): Promise<Identity> {
  const identity = await deps.authenticator.identify(raw.headers.authorization)
  if (identity.kind === 'nobody' || endpoint.style === 'sms' || endpoint.accepts.includes(identity.kind))
    return identity
  return { kind: 'nobody', reason: `${identity.kind} is not accepted here` }
}

async function answerTo(
  endpoint: Endpoint,
  request: ApiRequest,
  faults: SendFault[],
  deps: EndpointDeps,
): Promise<Answer> {
  const { identity } = request
  if (endpoint.style === 'json' && identity.kind === 'nobody') {
    return answerProblem(identity.isExpired === true ? problems.expired : problems.unauthorized)
  }
  const { products, balance } = deps.account.settings()
  if (!products.includes(endpoint.product)) {
    return endpoint.style === 'sms' ? refuseSms(11) : answerProblem(problems.unprovisioned)
  }
  const scripted = faults.find((fault) => fault.kind === 'status')
  if (scripted?.kind === 'status') return failure(endpoint, scripted.status, scripted.retryAfter)
  if (endpoint.method !== 'POST') return endpoint.handle(request)
  const isAllowed = deps.rateLimit.take()
  const limits = endpoint.style === 'json' ? deps.rateLimit.headers() : {}
  if (!isAllowed) return withHeaders(failure(endpoint, 429, 1), limits)
  if (balance <= 0) return failure(endpoint, 402)
  return withHeaders(await endpoint.handle(request), limits)
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } }
}

function failure(endpoint: Endpoint, status: number, retryAfterSeconds?: number): Answer {
  if (endpoint.style === 'sms' && status < 500) return smsError(status, retryAfterSeconds)
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return answerProblem(problemForStatus(status), headers)
}

function readRequest(raw: FastifyRequest, identity: Identity): ApiRequest {
  return {
    method: raw.method,
    headers: raw.headers,
    query: strings(asObject(raw.query)),
    params: strings(asObject(raw.params)),
    rawBody: typeof raw.body === 'string' ? raw.body : '',
    identity,
  }
}

/** Whose message a request carries, as far as it can be told before it is validated. */
function subjectOf(rawBody: string): FaultSubject {
  const body = parseLoosely(rawBody)
  if (isChannel(body.channel)) return { channel: body.channel, address: String(body.to) }
  // A workflow of Dispatch is about whom it asks first.
  const [first] = Array.isArray(body.workflow) ? body.workflow : []
  const to = asObject(body.to ?? asObject(first)?.to)
  const channel = channelFromV01(to?.type)
  if (channel) return { channel, address: String(to?.number ?? to?.id) }
  return typeof body.to === 'string' ? { channel: 'sms', address: body.to } : {}
}

function parseLoosely(rawBody: string): Body {
  try {
    return asObject(JSON.parse(rawBody)) ?? {}
  } catch {
    return Object.fromEntries(new URLSearchParams(rawBody))
  }
}
