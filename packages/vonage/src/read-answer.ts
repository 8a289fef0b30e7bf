import { RateLimitedError } from '@switchboard/contracts'
import { z } from 'zod'

import { OutcomeUnknownError, ProviderUnavailableError, RefusedError } from './errors.ts'
import type { HttpAnswer } from './http.ts'

const parameter = z.object({ name: z.string(), reason: z.string() })

/** Problem details as Messages v1, v0.1 and Dispatch send them; the last has one invalid parameter, not a list. */
const problemBody = z.object({
  type: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  invalid_parameters: z.union([z.array(parameter), parameter.transform((one) => [one])]).catch([]),
})

const DEFAULT_RETRY_MS = 1_000
const MAX_RETRY_MS = 15 * 60_000
/** X-RateLimit-Reset is documented in seconds and shown in milliseconds. */
const FIRST_MILLISECONDS = 1e12

/** The JSON of a 2xx answer read with a schema. Throws the error of the stage otherwise. */
export function readAccepted<Schema extends z.ZodType>(
  answer: HttpAnswer,
  schema: Schema,
  now: number,
): z.output<Schema> {
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, now)
  const accepted = schema.safeParse(parseJson(answer.body))
  if (accepted.success) return accepted.data
  throw new OutcomeUnknownError(`Vonage answered ${answer.status} with a body that could not be read`)
}

/** What an answer outside 2xx means: by HTTP status, since the fragments of the problem types are not reliable. */
export function refusal(answer: HttpAnswer, now: number): Error {
  const { status } = answer
  const retryAfterMs = readRetryAfter(answer, now)
  if (status === 429) return new RateLimitedError('Vonage answered 429', retryAfterMs ?? DEFAULT_RETRY_MS)
  if (status === 503 && retryAfterMs !== undefined) return new RateLimitedError('Vonage answered 503', retryAfterMs)
  if (status >= 500 || status === 408) return new ProviderUnavailableError(`Vonage answered ${status}`, status)
  const problem = problemBody.safeParse(parseJson(answer.body))
  const { type, title, detail, invalid_parameters: parameters = [] } = problem.data ?? {}
  const details = parameters.map(({ name, reason }) => `${name} ${reason}`)
  const reason = [title ?? `HTTP ${status}`, detail, ...details, operatorHint(status)].filter(isPresent).join(': ')
  return new RefusedError({
    code: type?.split('#').at(1) || `http-${status}`,
    reason: withoutNumbers(reason),
    httpStatus: status,
    isOperatorProblem: operatorHint(status) !== undefined,
  })
}

/** Reasons are logged, and some repeat the number they refuse. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d{7,}/g, '…')
}

function operatorHint(status: number): string | undefined {
  switch (status) {
    case 401:
      return 'check VONAGE_APPLICATION_ID, VONAGE_PRIVATE_KEY, VONAGE_API_KEY, VONAGE_API_SECRET and this clock'
    case 402:
      return 'the Vonage account needs credit'
    case 403:
    case 404:
      return 'check what the Vonage account is allowed to do, and VONAGE_API_URL'
    default:
      return undefined
  }
}

function readRetryAfter({ headers }: HttpAnswer, now: number): number | undefined {
  const delayMs =
    retryAfterHeader(first(headers['retry-after']), now) ?? reset(first(headers['x-ratelimit-reset']), now)
  return delayMs === undefined ? undefined : Math.min(Math.max(delayMs, 1), MAX_RETRY_MS)
}

/** Seconds, or an HTTP date. */
function retryAfterHeader(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const delayMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(delayMs) ? undefined : delayMs
}

function reset(value: string | undefined, now: number): number | undefined {
  if (value === undefined || !/^\d+$/.test(value)) return undefined
  const at = Number(value)
  const delayMs = (at >= FIRST_MILLISECONDS ? at : at * 1000) - now
  return delayMs > 0 ? delayMs : undefined
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

function parseJson(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return undefined
  }
}

function isPresent(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}
