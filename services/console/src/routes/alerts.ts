import {
  alertChannel,
  alertChannels,
  alertState,
  attentionKind,
  csvRow,
  LONGEST_NOTE,
  messageMedia,
  newId,
  planOf,
  own,
} from '@switchboard/contracts'
import type { Alert, AlertPlan, MessageMedia, TimelineEntry } from '@switchboard/contracts'
import { readSoon } from '@switchboard/queue'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { sessionOf } from '../auth/require-session.ts'
import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import type { PageData } from '../render.ts'
import { sendCsv } from '../send-csv.ts'
import { alertActRoute, describeNewestAct } from './alert-acts.ts'
import { alertFilter, findAlerts } from './alert-search.ts'
import type { AlertFilter } from './alert-search.ts'
import { describeAttention, summariseAlerts } from './alert-summary.ts'
import { pictureWalk, wasSpared } from './alert-walk.ts'
import { readHandPlan, waitOf, writeHandPlan } from './hand-plan.ts'
import type { HandPlan } from './hand-plan.ts'
import { pageOf, readPage } from './paging.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'
import { findStepLinks } from './step-links.ts'

const PAGE_SIZE = 25
const CSV_BATCH = 200

export function alertRoutes(app: FastifyInstance, deps: RouteDeps): void {
  deps.live(app, { path: '/alerts', template: 'alerts', load: (request) => list(request, deps) })
  csvRoute(app, deps)
  startRoutes(app, deps)
  deps.live(app, { path: '/alerts/:id', template: 'alert', load: (request) => one(request, deps) })
  endRoutes(app, deps)
  alertActRoute(app, deps)
}

const listQuery = alertFilter.extend({
  show: z.enum(['open', 'all']).default('open'),
  from: z.coerce.number().int().min(0).max(1_000_000).catch(0),
})

async function list(request: FastifyRequest, { stores: { alerts }, settings, now }: RouteDeps): Promise<PageData> {
  const { show, from, ...filter } = readInput(listQuery, request.query)
  const isFiltered = Object.values(filter).some(Boolean)
  const [walking, unanswered] = await Promise.all([alerts.countWalking(), alerts.countUnanswered(now())])
  const shared = {
    title: 'Alerts',
    section: 'alerts' as const,
    show: isFiltered ? 'all' : show,
    filter,
    isFiltered,
    states: alertState.options,
    policies: Object.keys(settings.policies),
    open: walking + unanswered,
  }
  if (show === 'all' || isFiltered) {
    const { found, next } = await findAlerts(alerts, filter, { from, limit: PAGE_SIZE, now: now() })
    return { ...shared, alerts: found, next, paging: { page: 0, previous: undefined, next: undefined } }
  }
  const page = readPage(request.query)
  const [ids, missed] = await Promise.all([
    alerts.walking(page * PAGE_SIZE, PAGE_SIZE + 1),
    page === 0 ? alerts.unanswered(now(), PAGE_SIZE) : [],
  ])
  return {
    ...shared,
    alerts: await summariseAlerts([...missed, ...ids.slice(0, PAGE_SIZE)], alerts),
    next: undefined,
    paging: pageOf({ page, hasMore: ids.length > PAGE_SIZE, path: '/alerts', query: { show } }),
  }
}

/** All that fit, as a file, read and sent piece by piece. */
function csvRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/alerts.csv', async (request, reply): Promise<FastifyReply> => {
    const rows = csvRows(readInput(alertFilter, request.query), deps)
    await trace(request, deps, { action: 'alert.export', target: 'csv' })
    return sendCsv(reply, 'alerts', rows)
  })
}

async function* csvRows(filter: AlertFilter, { stores, now }: RouteDeps): AsyncGenerator<string> {
  yield csvRow(['id', 'code', 'state', 'policy', 'text', 'started', 'ended', 'ended by', 'steps'])
  for (let from: number | undefined = 0; from !== undefined;) {
    const { found, next } = await findAlerts(stores.alerts, filter, { from, limit: CSV_BATCH, now: now() })
    for (const { id, code, state, policy, text, createdAt, endedAt, endedBy, steps } of found) {
      yield csvRow([id, code, state, policy, text, toIso(createdAt), endedAt && toIso(endedAt), endedBy, steps])
    }
    from = next
  }
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}

async function one(request: FastifyRequest, { stores, alertRequests, jobs, now }: RouteDeps): Promise<PageData> {
  const id = idOf(request)
  const { did } = readInput(z.object({ did: z.literal('cancel').optional().catch(undefined) }), request.query)
  const isToCome = () => alertRequests.isPending(id)
  const alert = await readSoon(() => stores.alerts.get(id), isToCome)
  if (!alert) {
    if (!(await isToCome())) throw notFound(`alert ${id}`)
    return { title: 'Alert', section: 'alerts', alert: undefined, id }
  }
  const plan = await stores.alerts.plan(alert.planId)
  return {
    title: `Alert ${alert.code}`,
    section: 'alerts',
    id,
    alert,
    plan,
    rounds: pictureWalk(alert, plan),
    attention: alert.attendedBy && describeAttention(alert.attendedBy),
    told: did === 'cancel' ? describeCancel(alert) : describeNewestAct(alert, now()),
    longestNote: LONGEST_NOTE,
    links: await findStepLinks(alert, plan, { stores, jobs }),
    timeline: alert.timeline
      .map((entry) => ({
        ...worded(entry, alert),
        ...whereOf(entry.step, plan),
        isSpared: wasSpared(entry),
      }))
      .toReversed(),
  }
}

/** What came of a wish to cancel: somebody may have been faster. */
function describeCancel({ state }: Alert): string | undefined {
  if (state === 'attended') return 'Not cancelled: somebody had taken it before.'
  return state === 'exhausted' ? 'Not cancelled: the list had been walked to its end before.' : undefined
}

/** Whose attention it was is kept in fields. */
function worded(entry: TimelineEntry, { attendedBy, reopened }: Alert): TimelineEntry {
  const isKnown = entry.event === 'attended' && attendedBy !== undefined && entry.at === attendedBy.at
  if (isKnown) return { ...entry, reason: describeAttention(attendedBy) }
  return entry.event === 'attended' && reopened ? { ...entry, reason: wordsOf(entry.reason) } : entry
}

const ATTENTION = new RegExp(`^(.*?) ?(${alertChannels.join('|')})? ?(${attentionKind.options.join('|')})$`)

/** Of one who has let go of it since: `Tony sms reply`. */
function wordsOf(reason = ''): string {
  const [, who, on, how] = ATTENTION.exec(reason) ?? []
  const kind = attentionKind.safeParse(how)
  if (!kind.success) return reason
  const channel = alertChannel.safeParse(on).data
  return describeAttention({ how: kind.data, at: 0, ...(who ? { user: who } : {}), ...(channel ? { channel } : {}) })
}

function whereOf(step: [number, number, number] | undefined, plan: AlertPlan) {
  const user = step && plan.users[step[1]]
  return { user: user?.name, channel: step && user?.channels[step[2]]?.channel }
}

const startForm = z.object({
  how: z.enum(['policy', 'hand']).default('policy'),
  policy: z.string().default(''),
  people: z.string().max(20_000).default(''),
  wait: z.coerce.number().int().min(1).max(86_400).default(600),
  text: z.string().trim().max(4_000).default(''),
  image: z.string().trim().max(2_000).default(''),
  /** The alert that is started again. */
  again: z.string().max(40).default(''),
})
type StartForm = z.infer<typeof startForm>

function startRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { pages, settings, alertRequests, now } = deps
  const show = (request: FastifyRequest, reply: FastifyReply, form: StartForm, problems: string[]) =>
    pages.show(request, reply.code(problems.length > 0 ? 422 : 200), 'alert-new', {
      title: 'Start an alert',
      section: 'alerts',
      form,
      problems,
      policies: settings.policies,
    })

  app.get('/alerts/new', async (request, reply) => {
    const asked = readInput(startForm, request.query)
    return show(request, reply, asked.again === '' ? asked : await formOf(asked.again, deps), [])
  })

  app.post('/alerts', { config: { needs: 'operator' } }, async (request, reply) => {
    const form = readInput(startForm, request.body)
    const before = form.again === '' ? undefined : await alertBefore(form.again, deps)
    const read = readForm(form, deps, before?.plan)
    if (read.kind === 'invalid') return show(request, reply, form, read.problems)
    const id = newId('alert')
    await trace(request, deps, { action: 'alert.start', target: id, detail: read.plan.policy ?? 'by hand' })
    await alertRequests.enqueue({ id, text: form.text, ...mediaOf(form, before), plan: read.plan, createdAt: now() })
    return reply.redirect(`/alerts/${id}`, 303)
  })
}

/** The form that would start an alert again: by its policy, or by the same people where that is none any more. */
async function formOf(id: string, deps: RouteDeps): Promise<StartForm> {
  const { settings } = deps
  const { alert, plan } = await alertBefore(id, deps)
  const policy = plan.policy !== undefined && own(settings.policies, plan.policy) ? plan.policy : undefined
  return startForm.parse({
    again: id,
    text: alert.text,
    ...(alert.media?.type === 'image' ? { image: alert.media.url } : {}),
    ...(policy === undefined
      ? { how: 'hand', people: writeHandPlan(plan), wait: waitOf(plan) }
      : { how: 'policy', policy }),
  })
}

interface Before {
  alert: Alert
  plan: AlertPlan
}

async function alertBefore(id: string, { stores: { alerts } }: RouteDeps): Promise<Before> {
  const alert = await alerts.get(id)
  if (!alert) throw notFound(`alert ${id}`)
  return { alert, plan: await alerts.plan(alert.planId) }
}

/** Undefined: it is no address. A video, file or sound is none of the form's, and stays what it was. */
function mediaOf({ image }: StartForm, before?: Before): { media?: MessageMedia } | undefined {
  const media = before?.alert.media
  if (image === '') return media && media.type !== 'image' ? { media } : {}
  const { data } = messageMedia.safeParse({ type: 'image', url: image })
  return data && { media: data }
}

function readForm(form: StartForm, { settings }: RouteDeps, before: AlertPlan | undefined): HandPlan {
  const missingText = [
    ...(form.text === '' ? ['Write what the alert says.'] : []),
    ...(mediaOf(form) === undefined
      ? ['Give the whole address of the picture, such as https://example.com/a.png.']
      : []),
  ]
  if (form.how === 'hand') {
    const read = readHandPlan(form.people, form.wait, settings.senders, before)
    const problems = [...missingText, ...(read.kind === 'invalid' ? read.problems : [])]
    return problems.length > 0 ? { kind: 'invalid', problems } : read
  }
  const named = own(settings.policies, form.policy)
  if (!named) return { kind: 'invalid', problems: [...missingText, 'Choose a policy.'] }
  return missingText.length > 0
    ? { kind: 'invalid', problems: missingText }
    : { kind: 'plan', plan: planOf(named, form.policy) }
}

const ackForm = z.object({ by: z.string().trim().max(100).default('') })
const cancelForm = z.object({ reason: z.string().trim().max(200).default('') })

function endRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { stores, attention, now } = deps
  const require = async (request: FastifyRequest): Promise<string> => {
    const id = idOf(request)
    if (!(await stores.alerts.get(id))) throw notFound(`alert ${id}`)
    return id
  }

  app.post('/alerts/:id/acknowledge', { config: { needs: 'responder' } }, async (request, reply) => {
    const alertId = await require(request)
    const by = readInput(ackForm, request.body).by || sessionOf(request).name
    await trace(request, deps, { action: 'alert.acknowledge', target: alertId, detail: by })
    await attention.enqueue({ alertId, at: now(), evidenceId: newId('console'), evidence: { kind: 'api', by } })
    return reply.redirect(`/alerts/${alertId}`, 303)
  })

  app.post('/alerts/:id/cancel', { config: { needs: 'responder' } }, async (request, reply) => {
    const alertId = await require(request)
    const why = readInput(cancelForm, request.body).reason
    const reason = `cancelled by ${sessionOf(request).name}${why ? `: ${why}` : ''}`
    await trace(request, deps, { action: 'alert.cancel', target: alertId, ...(why ? { detail: why } : {}) })
    await attention.enqueue({ alertId, at: now(), evidenceId: newId('cancel'), evidence: { kind: 'cancel', reason } })
    return reply.redirect(`/alerts/${alertId}?did=cancel`, 303)
  })
}

function idOf(request: FastifyRequest): string {
  return readInput(z.object({ id: z.string().max(40) }), request.params).id
}
