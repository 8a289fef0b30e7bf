import type { Enqueue } from '@switchboard/contracts'
import { formatPath, isRedisAway } from '@switchboard/runtime'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ZodError } from 'zod'

import { problemPage } from './pages/problem-page.ts'

export interface FieldProblem {
  /** As the caller would write it: `users[1].channels[0].expiry_time`. */
  field: string
  message: string
}

/** An answer in `application/problem+json` (RFC 9457), naming the fields that are wrong. */
export class Problem extends Error {
  readonly statusCode: number
  readonly title: string
  readonly fields: FieldProblem[]
  /** On a 503: whether sending the same request again can do it twice. Undefined where that is no question. */
  isRepeatable: boolean | undefined
  /** Nobody has to hear of it again. */
  isLogged = false

  constructor(statusCode: number, title: string, detail: string, fields: FieldProblem[] = []) {
    super(detail)
    this.statusCode = statusCode
    this.title = title
    this.fields = fields
  }
}

/** Redis is away, or does not take what it is given: the caller tries again, Vonage by itself. */
export function unavailable(cause: unknown): Problem {
  // What breaks the contract of a queue would break it for ever.
  if (cause instanceof ZodError) return invalid(cause)
  return Object.assign(new Problem(503, 'Temporarily unavailable', 'The request could not be stored.'), { cause })
}

function invalid(error: ZodError): Problem {
  const fields = error.issues.map(({ path, message }) => ({ field: formatPath(path), message }))
  return new Problem(422, 'Not valid', fields.map(({ field, message }) => `${field}: ${message}`).join('; '), fields)
}

/** Says on a 503 what sending the request again would do. */
function withAdvice(problem: Problem, request: FastifyRequest): Problem {
  if (problem.statusCode !== 503 || problem.isRepeatable !== undefined) return problem
  const { method, routeOptions, headers } = request
  const isRepeatable =
    method !== 'POST' || routeOptions.config.isRepeatable === true || Boolean(headers['idempotency-key'])
  const advice = isRepeatable
    ? 'Send it again: it will be done once.'
    : 'It may have been taken all the same: sent again without an Idempotency-Key it may be done twice.'
  const advised = new Problem(503, problem.title, `${problem.message} ${advice}`, problem.fields)
  return Object.assign(advised, { isRepeatable, cause: problem.cause })
}

/** Resolves once Redis has it, else throws a Problem (503). */
export async function enqueueOrUnavailable<Payload>(target: Enqueue<Payload>, payload: Payload): Promise<void> {
  await orUnavailable(target.enqueue(payload))
}

export async function orUnavailable<Result>(promise: Promise<Result>): Promise<Result> {
  return promise.catch((error: unknown) => {
    throw unavailable(error)
  })
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A POST that may be sent twice: its effects follow from what it says. */
    isRepeatable?: boolean
  }
}

/** Whoever looks has a browser in front of them, not a program. */
export function isReader({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html')
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.statusCode === 503) void reply.header('retry-after', '5')
  if (isReader(request)) {
    return reply.code(problem.statusCode).type('text/html; charset=utf-8').send(problemPage(problem))
  }
  return reply
    .code(problem.statusCode)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: problem.title,
        status: problem.statusCode,
        detail: problem.message,
        ...(problem.isRepeatable === undefined ? {} : { repeatable: problem.isRepeatable }),
        ...(problem.fields.length > 0 ? { errors: problem.fields } : {}),
      }),
    )
}

function notHere(request: FastifyRequest): Problem {
  const path = request.url.split('?')[0]
  if (!isReader(request)) return new Problem(404, 'Not found', `There is no ${request.method} ${path}`)
  if (path !== '/') return new Problem(404, 'Not here', 'There is nothing at this address. A link may have been cut.')
  return new Problem(404, 'Switchboard', 'Messages come in and go out here. There is nothing to look at.')
}

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | Problem, request, reply) =>
    sendProblem(request, reply, withAdvice(toProblem(error, request), request)),
  )
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, notHere(request)))
}

/** An error of whatever kind as what the caller is told. */
export function toProblem(error: FastifyError | Problem, request: FastifyRequest): Problem {
  if (error instanceof Problem) {
    if (error.statusCode >= 500 && !error.isLogged) request.log.error({ error }, 'request.failed')
    return error
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map(({ instancePath, message }) => ({
      field: formatPath(instancePath.split('/').slice(1).map(readKey)),
      message: message ?? 'is not valid',
    }))
    return new Problem(422, 'Not valid', fields.map(({ field, message }) => `${field}: ${message}`).join('; '), fields)
  }
  if (isRedisAway(error)) return unavailable(error)
  const statusCode = error.statusCode ?? 500
  if (statusCode < 500) return new Problem(statusCode, titleOf(statusCode), error.message)
  request.log.error({ error }, 'request.failed')
  return new Problem(500, 'Internal error', 'Something went wrong on our side.')
}

function readKey(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : key
}

function titleOf(statusCode: number): string {
  const titles: Record<number, string> = {
    400: 'Bad request',
    401: 'Not authorised',
    413: 'Too large',
    415: 'Unsupported content type',
    429: 'Too many requests',
  }
  return titles[statusCode] ?? 'Bad request'
}
