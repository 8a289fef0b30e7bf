import type { CallEvent, InboundMessage, StatusWebhook, UnrecognisedWebhook } from '@switchboard/contracts'

import { parseCallEvent } from '../voice/parse-call-event.ts'
import { parseDeliveryReceipt } from './parse-delivery-receipt.ts'
import { parseInboundSms } from './parse-inbound-sms.ts'
import { parseInbound } from './parse-inbound.ts'
import { parseStatus } from './parse-status.ts'
import { unrecognised } from './parsed.ts'
import type { Parsed } from './parsed.ts'

type NotParsed = Exclude<Parsed<never>, { kind: 'parsed' }>

/** What a webhook turned out to be about, and what it says. */
export type ReadWebhook =
  | { kind: 'inbound'; value: InboundMessage }
  | { kind: 'status'; value: StatusWebhook }
  | { kind: 'call-event'; value: CallEvent }
  | NotParsed

/** Reads a webhook that was not understood when it came, by today's parsers and by the time it came. Never throws. */
export function readKeptWebhook(webhook: UnrecognisedWebhook): ReadWebhook {
  const { route, receivedAt } = webhook
  const body = decodeKept(webhook)
  switch (route) {
    case '/webhooks/inbound':
      return about('inbound', parseInbound(body, receivedAt))
    case '/webhooks/inbound-sms':
    case '/update':
      return about('inbound', parseInboundSms(body, receivedAt))
    case '/webhooks/status':
      return about('status', parseStatus(body, receivedAt))
    case '/webhooks/delivery-receipt':
      return about('status', parseDeliveryReceipt(body, receivedAt))
    case '/webhooks/events':
    case '/webhooks/event':
    case '/webhooks/call-events/:token':
      return about('call-event', parseCallEvent(body, receivedAt))
    default:
      return unrecognised(`route: nothing reads ${route}`)
  }
}

/** The parameters in the body of a webhook: a form or JSON, as its content type says. Throws when it is no JSON. */
export function decodeParameters(text: string, contentType: string): unknown {
  if (contentType.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  return JSON.parse(text)
}

/** What was kept is a query where there was no body, whatever the content type says. */
function decodeKept({ method, contentType, body }: UnrecognisedWebhook): unknown {
  try {
    if (method !== 'GET') return decodeParameters(body, contentType)
  } catch {
    // A POST with a query and no body.
  }
  return Object.fromEntries(new URLSearchParams(body))
}

function about<Kind extends string, Value>(
  kind: Kind,
  parsed: Parsed<Value>,
): { kind: Kind; value: Value } | NotParsed {
  return parsed.kind === 'parsed' ? { kind, value: parsed.value } : parsed
}
