import type { SmsParams } from './read-params.ts'

/** What a webhook tells: what somebody sent us, or what became of what we sent. */
export type WebhookKind = 'inbound' | 'status'

/**
 * Of a body of the Messages API, v1 or v0.1, or of Dispatch, whichever address it was sent to: the two addresses of an
 * application are easily swapped, and a receipt taken for a reply would acknowledge an alert. Undefined: neither.
 */
export function messagesWebhookKind(body: unknown): WebhookKind | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  if ('message_type' in body || 'message' in body || 'text' in body) return 'inbound'
  return 'status' in body ? 'status' : undefined
}

/** The same of parameters of the SMS API. Only a receipt has an error code and the carrier's time stamp. */
export function smsWebhookKind(params: SmsParams): WebhookKind | undefined {
  if ('err-code' in params || 'scts' in params) return 'status'
  if ('text' in params || 'type' in params || 'keyword' in params) return 'inbound'
  return 'status' in params ? 'status' : undefined
}
