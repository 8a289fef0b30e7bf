import { randomUUID } from 'node:crypto'

import type { AccountSettings } from '../account.ts'
import type { Credentials } from '../credentials.ts'
import type { WebhookFault } from '../faults.ts'
import { signParameters, signWebhook } from './sign.ts'

/** One event on its way to the application. */
export interface Webhook {
  kind: 'status' | 'inbound' | 'receipt' | 'voice'
  url: string
  format: 'get' | 'post' | 'post-json'
  body: Record<string, unknown>
  signing: 'jwt' | 'sig' | 'none'
  /** Sent on behalf of the application, not of the account alone. */
  hasApplication: boolean
  /** Ids of the messages or of the call it is about. */
  about: string[]
}

export interface ComposedRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body: string
  verdict: string
}

/** The HTTP request of one attempt. Faults spoil the signature only; the body stays what it is. */
export function composeRequest(
  webhook: Webhook,
  credentials: Credentials,
  settings: AccountSettings,
  faults: readonly WebhookFault['kind'][],
  nowSeconds: number,
): ComposedRequest {
  const issuedAtSeconds = faults.includes('stale-iat') ? nowSeconds - 86_400 : nowSeconds
  const wrong = faults.includes('wrong-signature')
  const secret = wrong ? `${credentials.signatureSecret}-wrong` : credentials.signatureSecret
  const parameters =
    webhook.signing === 'sig' ? signed(webhook.body, settings, secret, issuedAtSeconds, faults) : webhook.body
  const request = encode({ ...webhook, body: parameters })
  const headers: Record<string, string> = { 'user-agent': 'Vonage/1.0 (switchboard-simulator)', ...request.headers }
  const verdict = describe(webhook.signing, faults)
  if (webhook.signing !== 'jwt' || faults.includes('unsigned')) return { ...request, headers, verdict }
  const token = signWebhook(faults.includes('wrong-hash') ? `${request.body} ` : request.body, secret, {
    apiKey: credentials.apiKey,
    applicationId: webhook.hasApplication ? credentials.applicationId : undefined,
    issuedAtSeconds,
  })
  return { ...request, headers: { ...headers, authorization: `Bearer ${token}` }, verdict }
}

function signed(
  body: Record<string, unknown>,
  settings: AccountSettings,
  secret: string,
  nowSeconds: number,
  faults: readonly WebhookFault['kind'][],
): Record<string, unknown> {
  const method = settings.smsSignatureMethod
  if (method === null || faults.includes('unsigned')) return body
  const parameters = strings({ ...body, timestamp: String(nowSeconds), nonce: randomUUID() })
  return { ...parameters, sig: signParameters(parameters, secret, method) }
}

function encode(webhook: Webhook): Pick<ComposedRequest, 'method' | 'url' | 'headers' | 'body'> {
  if (webhook.format === 'post-json') {
    const headers = { 'content-type': 'application/json' }
    return { method: 'POST', url: webhook.url, headers, body: JSON.stringify(webhook.body) }
  }
  const encoded = new URLSearchParams(strings(webhook.body)).toString()
  if (webhook.format === 'post') {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { method: 'POST', url: webhook.url, headers, body: encoded }
  }
  const url = `${webhook.url}${webhook.url.includes('?') ? '&' : '?'}${encoded}`
  return { method: 'GET', url, headers: {}, body: '' }
}

function describe(signing: Webhook['signing'], faults: readonly WebhookFault['kind'][]): string {
  const spoiled = faults.filter((kind) => ['unsigned', 'wrong-signature', 'wrong-hash', 'stale-iat'].includes(kind))
  if (signing === 'none') return 'unsigned'
  return spoiled.length > 0 ? `fault: ${spoiled.join(', ')}` : `signed (${signing})`
}

function strings(body: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}
