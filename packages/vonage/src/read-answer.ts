import { z } from 'zod'

import type { HttpAnswer } from './http.ts'
import { NotAcceptedError } from './outcome.ts'
import type { NotAccepted } from './outcome.ts'

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

/** The JSON of a 2xx answer read with a schema. Throws NotAcceptedError otherwise. */
export function readAccepted<Schema extends z.ZodType>(
  answer: HttpAnswer,
  schema: Schema,
  now: number,
): z.output<Schema> {
  if (answer.status < 200 || answer.status > 299) throw new NotAcceptedError(readRefusal(answer, now))
  const accepted = schema.safeParse(parseJson(answer.body))
  if (accepted.success) return accepted.data
  const reason = `Vonage answered ${answer.status} with a body that could not be read`
  throw new NotAcceptedError({ kind: 'unknown', reason })
}

/**
 * What an answer outside 2xx means: by HTTP status and title, since the fragments of the problem types are not reliable.
 * A gateway that gives up (502, 504) has passed the request on: it may have been taken.
 */
export function readRefusal(answer: HttpAnswer, now: number): NotAccepted {
  const { status } = answer
  if (status === 502 || status === 504) return { kind: 'unknown', reason: `Vonage answered ${status}` }
  if (status === 429 || status === 408 || status >= 500) {
    const retryAfterMs = readRetryAfter(answer, now) ?? (status === 429 ? DEFAULT_RETRY_MS : undefined)
    return {
      kind: 'later',
      reason: `Vonage answered ${status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  }
  const problem = problemBody.safeParse(parseJson(answer.body))
  const { type, title, detail, invalid_parameters: parameters = [] } = problem.data ?? {}
  const details = parameters.map(({ name, reason }) => `${name} ${reason}`)
  const isAboutSender = title?.trim().toLowerCase() === INVALID_SENDER
  const hint = isAboutSender ? SENDER_HINT : accountHint(status)
  const parts = [title ?? `HTTP ${status}`, detail, ...details, hint].filter(isPresent)
  // Sentences of Vonage's that something follows.
  const reason = parts.join(': ').replaceAll(/\.\s*: /g, ': ')
  return {
    kind: hint === undefined ? 'refused' : 'account',
    code: type?.split('#').at(1) || `http-${status}`,
    reason: withoutNumbers(reason),
    ...(isAboutSender ? { isAboutSender } : {}),
  }
}

const INVALID_SENDER = 'invalid sender'
const SENDER_HINT = 'check senders in the configuration, and that the Vonage account owns them'

/** Reasons are logged, and some repeat the number they refuse. */
export function withoutNumbers(text: string): string {
  return text.replace(/\d{7,}/g, '…')
}

/** What an operator can do where the account is the problem. */
function accountHint(status: number): string | undefined {
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
