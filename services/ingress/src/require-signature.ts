import { createSeldom } from '@switchboard/runtime'
import type { Verdict, WebhookRequest } from '@switchboard/vonage'
import type { FastifyRequest } from 'fastify'

import { Problem, unavailable } from './problem.ts'
import { rawBody } from './webhook-body.ts'

export interface RequireSignatureDeps {
  verify: (request: WebhookRequest) => Verdict
  /** Remembers the first query that came with a token that vouches for none. Resolves to whether this is that query. */
  bindQuery: (tokenHash: string, query: string) => Promise<boolean>
  count: (route: string, outcome: string) => void
  /** For applications that do not sign: what is not signed passes, a bad signature still does not. */
  passesUnsigned?: boolean
}

/**
 * A hook that lets only webhooks through that Vonage signed for us. Without a signature 503, not 401: Vonage may send
 * a genuine callback unsigned and repeats it, signed, after a 5xx (signed webhooks guide).
 */
export function createRequireSignature({ verify, bindQuery, count, passesUnsigned = false }: RequireSignatureDeps) {
  const seldom = createSeldom(Date.now)
  return async (request: FastifyRequest): Promise<void> => {
    const vonageToken = request.headers['x-vonage-webhook-auth-token']
    const verdict = await bound(
      verify({
        authorization: request.headers.authorization,
        vonageToken: typeof vonageToken === 'string' ? vonageToken : undefined,
        rawBody: rawBody(request),
        query: request.url.split('?').slice(1).join('?'),
        method: request.method,
      }),
    )
    if (verdict.kind === 'verified' || (passesUnsigned && verdict.kind === 'unsigned')) return
    const route = request.routeOptions.url ?? ''
    count(route, verdict.kind)
    const warn = (fields: object, event: string) => request.log.warn(fields, event)
    if (verdict.kind === 'unsigned') {
      seldom(warn, { route }, 'webhook.unsigned')
      throw Object.assign(
        new Problem(
          503,
          'Not signed',
          'This webhook has no signature. Enable signed webhooks; Vonage will send it again.',
        ),
        { isLogged: true },
      )
    }
    seldom(warn, { route, reason: verdict.reason }, 'webhook.refused')
    throw new Problem(401, 'Bad signature', `The signature of this webhook is not valid: ${verdict.reason}.`)
  }

  /** Vonage may repeat a request, with the same token and the same query. */
  async function bound(verdict: Verdict): Promise<Verdict> {
    if (verdict.kind !== 'verified' || verdict.unbound === undefined) return verdict
    const { tokenHash, query } = verdict.unbound
    const isSame = await bindQuery(tokenHash, query).catch((error: unknown) => {
      throw unavailable(error)
    })
    return isSame ? verdict : { kind: 'forged', reason: 'this token came with another query before' }
  }
}
