import type { Enqueue, InboundMessage, StatusWebhook } from '@switchboard/contracts'
import { createSeldom } from '@switchboard/runtime'
import { parseDeliveryReceipt, parseInboundSms, readParams, smsWebhookKind } from '@switchboard/vonage'
import type { SmsParams, Verdict, WebhookKind } from '@switchboard/vonage'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { accept } from '../accept.ts'
import type { AcceptDeps } from '../accept.ts'
import { Problem } from '../problem.ts'
import { decodeBody, receiveBytes } from '../webhook-body.ts'

export interface SmsWebhookDeps extends AcceptDeps {
  /** `unsigned`: accepted as they come; `closed`: neither a signature method nor permission to go without one. */
  smsSignature: { kind: 'method'; verify: (params: SmsParams) => Verdict } | { kind: 'unsigned' } | { kind: 'closed' }
  inbound: Enqueue<InboundMessage>
  status: Enqueue<StatusWebhook>
}

/** Webhooks of the SMS API: GET, form or JSON, as the account is set. `/update` is the name the tutorial uses. */
export function smsWebhooks(app: FastifyInstance, deps: SmsWebhookDeps): void {
  receiveBytes(app)
  const seldom = createSeldom(Date.now)

  const take = (usually: WebhookKind) => async (request: FastifyRequest, reply: FastifyReply) => {
    const source = readSigned(request, deps, seldom)
    return (smsWebhookKind(readParams(source) ?? {}) ?? usually) === 'inbound'
      ? accept(request, reply, parseInboundSms(source, deps.now()), deps.inbound, deps)
      : accept(request, reply, parseDeliveryReceipt(source, deps.now()), deps.status, deps)
  }
  for (const method of ['GET', 'POST'] as const) {
    const options = { method, schema: { hide: true }, config: { isRepeatable: true } }
    app.route({ ...options, url: '/webhooks/inbound-sms', handler: take('inbound') })
    app.route({ ...options, url: '/update', handler: take('inbound') })
    app.route({ ...options, url: '/webhooks/delivery-receipt', handler: take('status') })
  }
}

function readSigned(
  request: FastifyRequest,
  { smsSignature, count }: SmsWebhookDeps,
  seldom: ReturnType<typeof createSeldom>,
): unknown {
  const body = decodeBody(request)
  const params = readParams(body) ?? {}
  // Vonage fetches the URL without parameters when it is saved, and wants a 200.
  if (Object.keys(params).length === 0) return params
  if (smsSignature.kind === 'unsigned') return body
  const route = request.routeOptions.url ?? ''
  if (smsSignature.kind === 'closed') {
    count(route, 'closed')
    throw new Problem(
      403,
      'Not enabled',
      'Set VONAGE_SMS_SIGNATURE_METHOD to the method of the Vonage account, or VONAGE_SMS_UNSIGNED=true to accept unsigned SMS webhooks.',
    )
  }
  const verdict = smsSignature.verify(params)
  if (verdict.kind === 'verified') return body
  count(route, verdict.kind)
  const reason = verdict.kind === 'forged' ? verdict.reason : 'sig is missing'
  seldom((fields, event) => request.log.warn(fields, event), { route, reason }, 'webhook.refused')
  throw new Problem(401, 'Bad signature', `The signature of this webhook is not valid: ${reason}.`)
}
