import { messageStatus, OPTED_OUT_CODE } from '@switchboard/contracts'
import type { MessageStatus, ProviderError, ReportedState } from '@switchboard/contracts'

import { eventTime } from './parse-timestamp.ts'
import { ignored, parsedAs, unrecognised } from './parsed.ts'
import type { Parsed } from './parsed.ts'
import { readParams } from './read-params.ts'
import type { SmsParams } from './read-params.ts'

/** `err-code` of the SMS API as the code of the Messages API that means the same. */
const ERRORS = new Map<string, ProviderError>([
  ['1', { code: '1330', reason: 'unknown error' }],
  ['2', { code: '1180', reason: 'absent subscriber, temporary' }],
  ['3', { code: '1190', reason: 'absent subscriber, permanent' }],
  ['4', { code: '1050', reason: 'call barred by user' }],
  ['5', { code: '1200', reason: 'portability error' }],
  ['6', { code: '1210', reason: 'anti-spam rejection' }],
  ['7', { code: '1220', reason: 'handset busy' }],
  ['8', { code: '1230', reason: 'network error' }],
  ['9', { code: OPTED_OUT_CODE, reason: 'illegal number, or the recipient opted out' }],
  ['10', { code: '1040', reason: 'illegal message' }],
  ['11', { code: '1250', reason: 'unroutable' }],
  ['12', { code: '1260', reason: 'destination unreachable' }],
  ['13', { code: '1270', reason: 'subscriber age restriction' }],
  ['14', { code: '1280', reason: 'number blocked by carrier' }],
  ['15', { code: '1290', reason: 'prepaid, insufficient funds' }],
  ['50', { code: '1480', reason: 'entity filter' }],
  ['51', { code: '1481', reason: 'header filter' }],
  ['52', { code: '1482', reason: 'content filter' }],
  ['53', { code: '1483', reason: 'consent filter' }],
  ['54', { code: '1484', reason: 'regulation error' }],
])
const GENERAL_ERROR: ProviderError = { code: '1330', reason: 'general error' }
const EXPIRED: ProviderError = { code: '1360', reason: 'not delivered before its time to live ended' }

const STATES = new Map<string, ReportedState>([
  ['accepted', 'submitted'],
  ['buffered', 'submitted'],
  ['delivered', 'delivered'],
  ['expired', 'rejected'],
  ['failed', 'rejected'],
  ['rejected', 'rejected'],
])

/** A delivery receipt of the SMS API: one per part, `msisdn` is the recipient. Never throws. */
export function parseDeliveryReceipt(source: unknown, receivedAt: number): Parsed<MessageStatus> {
  const params = readParams(source)
  if (params === undefined) return unrecognised('parameters: not an object')
  const { messageId, status = '' } = params
  if (messageId === undefined) return ignored('no message in it')
  if (status === 'unknown') return ignored('the carrier does not know')
  const state = STATES.get(status)
  if (state === undefined) return unrecognised('status: not a status of a delivery receipt')
  return parsedAs(messageStatus, {
    kind: 'message',
    messageUuid: messageId,
    clientRef: params['client-ref'],
    channel: 'sms',
    to: params['msisdn'],
    state,
    at: eventTime(params['message-timestamp'], receivedAt),
    receivedAt,
    error: state === 'rejected' ? readError(params, status) : undefined,
    price: params['price'],
  })
}

function readError(params: SmsParams, status: string): ProviderError {
  const known = ERRORS.get(params['err-code'] ?? '')
  // "Unknown" says less than "expired" does.
  if (status === 'expired' && (known === undefined || known.code === GENERAL_ERROR.code)) return EXPIRED
  return known ?? GENERAL_ERROR
}
