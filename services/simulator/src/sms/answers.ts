import type { Answer } from '../vonage/problem.ts'

/** Statuses of the SMS API that the simulator answers with; they travel inside HTTP 200. */
const texts: Record<string, string> = {
  1: 'Throughput Rate Exceeded - please wait [ %ms% ] and retry',
  2: 'Missing %name% param',
  3: 'Invalid value for parameter: %name%',
  4: 'Bad Credentials',
  5: 'Internal Error',
  6: 'Unroutable message - rejected',
  7: 'Number barred',
  8: 'Partner account barred',
  9: 'Quota Exceeded - rejected',
  11: 'Account not enabled for HTTP',
  12: 'Message too long',
  14: 'Invalid Signature',
  15: 'Invalid sender address - rejected',
  23: 'Invalid callback url',
  32: 'Signature and secret must not both be present',
}

export function refuseSms(status: number, fill: Record<string, string> = {}): Answer {
  const text = (texts[status] ?? 'Error').replaceAll(/%(\w+)%/g, (_match, name: string) => fill[name] ?? '')
  return {
    status: 200,
    body: { 'message-count': '1', messages: [{ status: String(status), 'error-text': text }] },
  }
}

/** The SMS API's way of saying what the newer APIs say with an HTTP status below 500. */
export function smsError(httpStatus: number, retryAfterSeconds = 1): Answer {
  if (httpStatus === 429) return refuseSms(1, { ms: String(Math.round(retryAfterSeconds * 1_000)) })
  if (httpStatus === 402) return refuseSms(9)
  return refuseSms(httpStatus === 401 || httpStatus === 403 ? 4 : 3, { name: 'request' })
}
