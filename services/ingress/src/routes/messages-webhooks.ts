import type { Enqueue, InboundMessage, StatusWebhook } from '@switchboard/contracts'
import { messagesWebhookKind, parseInbound, parseStatus } from '@switchboard/vonage'
import type { WebhookKind } from '@switchboard/vonage'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { accept } from '../accept.ts'
import type { AcceptDeps } from '../accept.ts'
import { decodeBody, receiveBytes } from '../webhook-body.ts'

export interface MessagesWebhookDeps extends AcceptDeps {
  /** Throws a Problem unless the request is signed by Vonage for our application. */
  requireSignature: (request: FastifyRequest) => Promise<void>
  inbound: Enqueue<InboundMessage>
  status: Enqueue<StatusWebhook>
}

const testWebhook = z.object({ nonce: z.string().max(100) }).catch({ nonce: '' })

/** Webhooks of the Messages API (v1 and v0.1) and of Dispatch. */
export function messagesWebhooks(app: FastifyInstance, deps: MessagesWebhookDeps): void {
  receiveBytes(app)
  app.addHook('preHandler', deps.requireSignature)

  const take = (usually: WebhookKind) => async (request: FastifyRequest, reply: FastifyReply) => {
    const body = decodeBody(request)
    return (messagesWebhookKind(body) ?? usually) === 'inbound'
      ? accept(request, reply, parseInbound(body, deps.now()), deps.inbound, deps)
      : accept(request, reply, parseStatus(body, deps.now()), deps.status, deps)
  }
  const options = { schema: { hide: true }, config: { isRepeatable: true } }
  app.post('/webhooks/inbound', options, take('inbound'))
  app.post('/webhooks/status', options, take('status'))
  // Of `switchboard doctor`: that it comes back shows that signed webhooks get here. It has no effect.
  app.post('/webhooks/test', options, (request) => testWebhook.parse(decodeBody(request)))
}
