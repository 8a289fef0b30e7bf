import type { OutboundMessage } from '@switchboard/contracts'
import { z } from 'zod'

import type { Accepted } from './accepted.ts'
import { NotAcceptedError } from './outcome.ts'
import type { NotAccepted } from './outcome.ts'
import { withoutNumbers } from './read-answer.ts'
import { isGsm7 } from './segments.ts'
import { scalar } from './webhooks/fields.ts'

const part = z
  .object({ status: scalar, 'message-id': scalar.optional(), 'error-text': z.string().optional() })
  .refine((one) => one.status !== '0' || one['message-id'] !== undefined, 'accepted without an id')
type Part = z.output<typeof part>

/** The answer of `/sms/json`: one element per part, errors among them, always under HTTP 200. */
export const smsAnswer = z.object({ messages: z.array(part).min(1) })

/** Too fast, and too many connections at once. */
const THROTTLED = new Set(['1', '10'])
const INTERNAL_ERROR = '5'
/** Credentials, balance, rights and signature: nothing is wrong with the message. 29, a demo account, is about whom to. */
const ACCOUNT_PROBLEMS = new Set(['4', '8', '9', '11', '14', '32'])
const SENDER_NOT_ALLOWED = '15'
const DEFAULT_RETRY_MS = 1_000

/** The form of `POST /sms/json`. The API does not choose the encoding: without `unicode` it would send `?`. */
export function smsForm({ id, to, text, options }: OutboundMessage, from: string): URLSearchParams {
  const form = new URLSearchParams({ from, to, text, 'client-ref': id })
  if (!isGsm7(text)) form.set('type', 'unicode')
  // Milliseconds here, seconds in the Messages API.
  if (options?.ttlSeconds !== undefined) form.set('ttl', String(options.ttlSeconds * 1_000))
  return form
}

/** The accepted parts. Throws only when there is none: what has been accepted must not be sent again. */
export function readSmsAnswer({ messages }: z.output<typeof smsAnswer>): Accepted {
  const messageUuids = messages.flatMap((one) => (isAccepted(one) ? [one['message-id']] : []))
  const failed = messages.filter((one) => !isAccepted(one))
  const [failure] = failed
  if (failure === undefined) return { messageUuids, parts: messages.length }
  if (messageUuids.length === 0) throw new NotAcceptedError(refusalOf(failure))
  const partialFailure = { code: failure.status, reason: reasonOf(failure), failedParts: failed.length }
  return { messageUuids, parts: messages.length, partialFailure }
}

function isAccepted(one: Part): one is Part & { 'message-id': string } {
  return one.status === '0' && one['message-id'] !== undefined
}

function refusalOf(failure: Part): NotAccepted {
  const { status: code } = failure
  const reason = reasonOf(failure)
  if (THROTTLED.has(code)) return { kind: 'later', reason: `SMS API: ${reason}`, retryAfterMs: waitMs(reason) }
  if (code === INTERNAL_ERROR) return { kind: 'later', reason: `SMS API: ${reason}` }
  if (code === SENDER_NOT_ALLOWED) return { kind: 'account', code, reason, isAboutSender: true }
  return { kind: ACCOUNT_PROBLEMS.has(code) ? 'account' : 'refused', code, reason }
}

function reasonOf(failure: Part): string {
  return withoutNumbers(failure['error-text'] ?? `status ${failure.status}`)
}

/** `Throughput Rate Exceeded - please wait [ 978 ] and retry` */
function waitMs(reason: string): number {
  const match = /\[\s*(\d+)\s*\]/.exec(reason)
  return match === null ? DEFAULT_RETRY_MS : Number(match[1])
}
