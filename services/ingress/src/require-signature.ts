import type { Verdict, WebhookRequest } from '@switchboard/vonage'
import type { FastifyRequest } from 'fastify'

import { Problem } from './problem.ts'
import { rawBody } from './webhook-body.ts'

export interface RequireSignatureDeps {
  verify: (request: WebhookRequest) => Promise<Verdict>
  count: (route: string, outcome: string) => void
  /** For applications that do not sign: what is not signed passes, a bad signature still does not. */
  passesUnsigned?: boolean
}

/**
 * A hook that lets only webhooks through that Vonage signed for us. Without a signature 503, not 401: Vonage may send
 * a genuine callback unsigned and repeats it, signed, after a 5xx (signed webhooks guide).
 */
export function createRequireSignature({ verify, count, passesUnsigned = false }: RequireSignatureDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    const vonageToken = request.headers['x-vonage-webhook-auth-token']
    const verdict = await verify({
      authorization: request.headers.authorization,
      vonageToken: typeof vonageToken === 'string' ? vonageToken : undefined,
      rawBody: rawBody(request),
      method: request.method,
    })
    if (verdict.kind === 'verified' || (passesUnsigned && verdict.kind === 'unsigned')) return
    const route = request.routeOptions.url ?? ''
    count(route, verdict.kind)
    if (verdict.kind === 'unsigned') {
      request.log.warn({ route }, 'webhook.unsigned')
      throw new Problem(
        503,
        'Not signed',
        'This webhook has no signature. Enable signed webhooks; Vonage will send it again.',
      )
    }
    request.log.warn({ route, reason: verdict.reason }, 'webhook.refused')
    throw new Problem(401, 'Bad signature', `The signature of this webhook is not valid: ${verdict.reason}.`)
  }
}
