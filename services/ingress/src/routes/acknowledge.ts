import { newId, redactLinks } from '@switchboard/contracts'
import type {
  ActAnswer,
  Alert,
  AlertAttention,
  AlertPlan,
  AuditEntry,
  Enqueue,
  SwitchboardConfig,
} from '@switchboard/contracts'
import { asTyped } from '@switchboard/runtime'
import type { Alerts } from '@switchboard/store'
import { verifyLinkToken } from '@switchboard/tokens'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { actEntry } from '../act-entry.ts'
import { readActForm } from '../act-form.ts'
import type { ActForm } from '../act-form.ts'
import { outcomeOf } from '../act-outcome.ts'
import { acknowledgePage, invalidLinkPage, problemPage, tryAgainPage } from '../pages/acknowledge-page.ts'
import { acknowledgeScript } from '../pages/acknowledge-script.ts'
import { viewAcknowledge } from '../pages/acknowledge-view.ts'
import { enqueueOrUnavailable, toProblem } from '../problem.ts'

export interface AcknowledgeDeps {
  sessionSecret: string
  alerts: Alerts
  attention: Enqueue<AlertAttention>
  trail: Enqueue<AuditEntry>
  callSettings: Pick<SwitchboardConfig, 'texts'>
  now: () => number
}

interface Query {
  Params: { token: string }
  Querystring: { did?: string }
}

/** The page behind an alert's link. GET never acknowledges: link previews and scanners fetch what they see. */
export function acknowledgeRoutes(app: FastifyInstance, deps: AcknowledgeDeps): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  // Whoever looks has a phone in their hand, not a program.
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error, request)
    if (problem.statusCode !== 503) return show(reply, problemPage(problem.message), problem.statusCode)
    const form = request.method === 'POST' ? fieldsOf(request) : undefined
    return show(reply.header('retry-after', '5'), tryAgainPage(form), 503)
  })

  app.get('/a/page.js', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'max-age=300').send(acknowledgeScript),
  )

  app.get<Query>('/a/:token', { schema: { hide: true } }, async (request, reply) => {
    const known = await look(request.params.token, deps)
    if (!known) return show(reply, invalidLinkPage(), 404)
    const { did } = request.query
    const act = known.alert.acts?.find(({ id }) => id === evidenceIdOf(known.user, did ?? ''))
    const outcome = did === undefined ? undefined : (act?.answer ?? null)
    return show(reply, pageOf(known, outcome, deps))
  })

  app.post<Query>('/a/:token', { schema: { hide: true }, config: { isRepeatable: true } }, async (request, reply) => {
    const { token } = request.params
    const known = await look(token, deps)
    if (!known) return show(reply, invalidLinkPage(), 404)
    const fields = fieldsOf(request)
    const read = readActForm(fields)
    if (read.kind === 'problem') return show(reply, problemPage(read.detail), 422)
    await perform(read.form, known, deps)
    return reply.header('cache-control', 'no-store').redirect(`/a/${token}?did=${read.form.id}`, 303)
  })
}

interface Known {
  alert: Alert
  plan: AlertPlan
  user: number
}

async function look(token: string, { sessionSecret, alerts, now }: AcknowledgeDeps): Promise<Known | undefined> {
  const check = verifyLinkToken(sessionSecret, { purpose: 'acknowledge', token, now: now() })
  if (check.kind !== 'valid') return undefined
  const dash = check.subject.indexOf('-')
  const alert = await alerts.get(check.subject.slice(dash + 1))
  return alert && { alert, plan: await alerts.plan(alert.planId), user: Number(check.subject.slice(0, dash)) }
}

/** Resolves when somebody has looked at it, or after a second. */
async function perform({ act, id }: ActForm, known: Known, deps: AcknowledgeDeps): Promise<void> {
  const { alert, user } = known
  const evidenceId = evidenceIdOf(user, id)
  const by = { how: 'link' as const, user }
  const evidence = { kind: 'act' as const, act, by }
  await enqueueOrUnavailable(deps.trail, actEntry({ ...known, act: act.kind, via: 'link', evidenceId, at: deps.now() }))
  await enqueueOrUnavailable(deps.attention, { alertId: alert.id, at: deps.now(), evidenceId, evidence })
  await outcomeOf(alert.id, evidenceId, deps).catch(() => undefined)
}

function evidenceIdOf(user: number, id: string): string {
  return `link.${user}.${id}`
}

function pageOf(known: Known, outcome: ActAnswer | null | undefined, { callSettings, now }: AcknowledgeDeps): string {
  const closing = callSettings.texts.alertClosing
  return acknowledgePage(viewAcknowledge({ ...known, now: now(), outcome, closing }), newId('page'))
}

function fieldsOf({ body }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(typeof body === 'string' ? asTyped(body) : ''))
}

/** Nobody but the recipient finds or keeps it; what others have said in it may hold links of theirs. */
export function show(reply: FastifyReply, html: string, code = 200): FastifyReply {
  return reply
    .code(code)
    .headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })
    .type('text/html; charset=utf-8')
    .send(redactLinks(html))
}
