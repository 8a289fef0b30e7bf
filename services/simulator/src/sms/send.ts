import { randomUUID } from 'node:crypto'

import type { Account } from '../account.ts'
import type { Carrier } from '../carrier/carrier.ts'
import { isPhoneNumber } from '../channels/addresses.ts'
import type { Credentials } from '../credentials.ts'
import type { PhoneContent } from '../messages/phone-content.ts'
import { asObject, asUrl } from '../messages/read-body.ts'
import { equal, isKnown } from '../vonage/authenticate.ts'
import type { ApiRequest, Endpoint } from '../vonage/endpoint.ts'
import type { Answer } from '../vonage/problem.ts'
import { signParameters } from '../webhooks/sign.ts'
import { refuseSms } from './answers.ts'
import { splitSms, toGsm } from './segments.ts'

export interface SmsDeps {
  account: Pick<Account, 'settings'>
  carrier: Pick<Carrier, 'accept'>
  credentials: Credentials
}

type Parameters = Record<string, string>

const SIGNATURE_WINDOW_SECONDS = 300

/** `POST /sms/json` with a form, JSON or a query; one element of the answer per part. */
export function smsEndpoints(deps: SmsDeps): Endpoint[] {
  const handle = (request: ApiRequest) => sendSms(request, deps)
  return [
    { method: 'POST', paths: ['/sms/json'], product: 'sms', style: 'sms', accepts: [], handle },
    { method: 'GET', paths: ['/sms/json'], product: 'sms', style: 'sms', accepts: [], handle },
  ]
}

function sendSms(request: ApiRequest, deps: SmsDeps): Answer {
  const parameters = readParameters(request)
  const refused = authenticate(request, parameters, deps) ?? validate(parameters)
  if (refused) return refused
  const { from = '', to = '', type } = parameters
  const isUnicode = type === 'unicode'
  const text = isUnicode ? (parameters.text ?? '') : toGsm(parameters.text ?? '')
  const isBinary = type === 'binary'
  const content = isBinary ? binaryContent(parameters) : { type: 'text', text }
  const parts = isBinary ? [''] : splitSms(text, isUnicode)
  const partIds = parts.map(() => randomUUID())
  const [id = randomUUID()] = partIds
  const clientRef = parameters['client-ref']
  const callback = asUrl(parameters.callback)
  deps.carrier.accept({
    id,
    channel: 'sms',
    address: to,
    sender: from.replaceAll(' ', ''),
    content,
    sending: {
      api: 'sms',
      auth: 'basic',
      partIds,
      wantsReceipt: parameters['status-report-req'] !== 'false' && parameters['status-report-req'] !== '0',
      ...(clientRef === undefined ? {} : { clientRef }),
      ...(callback === null ? {} : { webhookUrl: callback }),
      ...(parameters.ttl === undefined ? {} : { ttlMs: Number(parameters.ttl) }),
    },
  })
  return accepted(to, partIds, clientRef, deps.account.settings().balance)
}

function binaryContent({ body = '', udh = '' }: Parameters): PhoneContent {
  return { type: 'binary', text: '', binary: { data: body.toUpperCase(), udh: udh.toUpperCase() } }
}

function accepted(to: string, partIds: string[], clientRef: string | undefined, balance: number): Answer {
  const messages = partIds.map((partId) => ({
    to,
    'message-id': partId,
    status: '0',
    'remaining-balance': balance.toFixed(8),
    'message-price': '0.03330000',
    network: '23410',
    ...(clientRef === undefined ? {} : { 'client-ref': clientRef }),
  }))
  return { status: 200, about: partIds, body: { 'message-count': String(messages.length), messages } }
}

function readParameters(request: ApiRequest): Parameters {
  const isJson = request.headers['content-type']?.includes('json') === true
  const body = isJson ? parseJson(request.rawBody) : Object.fromEntries(new URLSearchParams(request.rawBody))
  const given: Record<string, unknown> = { ...request.query, ...body }
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]))
}

function parseJson(rawBody: string): object {
  try {
    return asObject(JSON.parse(rawBody)) ?? {}
  } catch {
    return {}
  }
}

/** Basic, or key and secret, or key and `sig`; a signature excludes the other two. */
function authenticate(request: ApiRequest, parameters: Parameters, { credentials, account }: SmsDeps): Answer | null {
  const { api_key: apiKey = '', api_secret: apiSecret, sig, timestamp } = parameters
  if (sig !== undefined) {
    if (apiSecret !== undefined || request.headers.authorization !== undefined) return refuseSms(32)
    const method = account.settings().smsSignatureMethod ?? 'md5hash'
    const expected = signParameters(parameters, credentials.signatureSecret, method)
    const isFresh = Math.abs(Date.now() / 1_000 - Number(timestamp)) <= SIGNATURE_WINDOW_SECONDS
    const isRight = equal(sig.toLowerCase(), expected.toLowerCase()) && apiKey === credentials.apiKey
    return isRight && isFresh ? null : refuseSms(14)
  }
  if (request.headers.authorization !== undefined) return request.identity.kind === 'basic' ? null : refuseSms(4)
  return isKnown(apiKey, apiSecret ?? '', credentials) ? null : refuseSms(4)
}

function validate(parameters: Parameters): Answer | null {
  const { from, to, text, type = 'text', ttl, callback } = parameters
  const clientRef = parameters['client-ref']
  for (const name of ['from', 'to']) {
    if ((parameters[name] ?? '') === '') return refuseSms(2, { name })
  }
  if (!['text', 'unicode', 'binary'].includes(type)) return refuseSms(3, { name: 'type' })
  const unreadable =
    type === 'binary' ? checkBinary(parameters) : (text ?? '') === '' ? refuseSms(2, { name: 'text' }) : null
  if (unreadable) return unreadable
  if (!isPhoneNumber(to)) return refuseSms(3, { name: 'to' })
  if (!/^(\d{3,15}|[A-Za-z0-9 ]{1,11})$/.test(from ?? '')) return refuseSms(15)
  if ((text ?? '').length > 3_200) return refuseSms(12)
  if (ttl !== undefined && !(Number(ttl) >= 20_000 && Number(ttl) <= 604_800_000)) return refuseSms(3, { name: 'ttl' })
  if (clientRef !== undefined && clientRef.length > 100) return refuseSms(3, { name: 'client-ref' })
  return callback !== undefined && (callback.length > 100 || asUrl(callback) === null) ? refuseSms(23) : null
}

const LARGEST_BINARY_BYTES = 140

/** Header and body in hex, 140 bytes together. */
function checkBinary({ body = '', udh = '' }: Parameters): Answer | null {
  for (const [name, value] of Object.entries({ body, udh })) {
    if (value === '') return refuseSms(2, { name })
    if (!/^([0-9a-f]{2})+$/i.test(value)) return refuseSms(3, { name })
  }
  return (body.length + udh.length) / 2 > LARGEST_BINARY_BYTES ? refuseSms(12) : null
}
