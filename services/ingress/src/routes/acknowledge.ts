import type { AlertAttention } from '@switchboard/contracts'
import type { Enqueue } from '@switchboard/queue'
import type { Alerts } from '@switchboard/store'
import { verifyLinkToken } from '@switchboard/tokens'
import type { FastifyInstance, FastifyReply } from 'fastify'

import { acknowledgePage } from '../pages/acknowledge-page.ts'
import type { AcknowledgeView } from '../pages/acknowledge-page.ts'
import { enqueueOrUnavailable } from '../problem.ts'

export interface AcknowledgeDeps {
  sessionSecret: string
  alerts: Alerts
  attention: Enqueue<AlertAttention>
  now: () => number
}

/** The page behind an alert's link. GET never acknowledges: link previews and scanners fetch what they see. */
export function acknowledgeRoutes(app: FastifyInstance, deps: AcknowledgeDeps): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )

  app.get<{ Params: { token: string } }>('/a/:token', { schema: { hide: true } }, async (request, reply) => {
    const { view } = await look(request.params.token, deps)
    return show(reply, view)
  })

  app.post<{ Params: { token: string } }>(
    '/a/:token',
    { schema: { hide: true }, config: { isRepeatable: true } },
    async (request, reply) => {
      const { view, alertId, user } = await look(request.params.token, deps)
      if (view.kind !== 'open' || alertId === undefined || user === undefined) return show(reply, view)
      const attention = {
        alertId,
        at: deps.now(),
        evidenceId: `link.${user}`,
        evidence: { kind: 'link' as const, user },
      }
      await enqueueOrUnavailable(deps.attention, attention)
      return show(reply, { kind: 'thanks', text: view.text })
    },
  )
}

async function look(
  token: string,
  { sessionSecret, alerts, now }: AcknowledgeDeps,
): Promise<{ view: AcknowledgeView; alertId?: string; user?: number }> {
  const check = verifyLinkToken(sessionSecret, { purpose: 'acknowledge', token, now: now() })
  if (check.kind !== 'valid') return { view: { kind: 'invalid' } }
  const dash = check.subject.indexOf('-')
  const user = Number(check.subject.slice(0, dash))
  const alertId = check.subject.slice(dash + 1)
  const alert = await alerts.get(alertId)
  if (!alert) return { view: { kind: 'invalid' } }
  if (alert.state === 'attended') return { view: { kind: 'attended', text: alert.text, who: alert.attendedBy?.user } }
  if (alert.state === 'cancelled') return { view: { kind: 'over', text: alert.text } }
  const { users } = await alerts.plan(alert.planId)
  const isExhausted = alert.state === 'exhausted'
  return { view: { kind: 'open', text: alert.text, name: users[user]?.name ?? '', isExhausted }, alertId, user }
}

function show(reply: FastifyReply, view: AcknowledgeView): FastifyReply {
  return reply
    .code(view.kind === 'invalid' ? 404 : 200)
    .headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })
    .type('text/html; charset=utf-8')
    .send(acknowledgePage(view))
}
