import { csvRow, newId } from '@switchboard/contracts'
import { notificationState, stateOfNotification } from '@switchboard/store'
import type { NotificationRecord } from '@switchboard/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import type { PageData } from '../render.ts'
import { sendCsv } from '../send-csv.ts'
import { assigneeOf, followUpRoutes, lookAtFollowUps } from './follow-ups.ts'
import { notifyForm, readNotifyForm, variablesOf } from './notification-form.ts'
import type { NotifyForm } from './notification-form.ts'
import { findNotifications, notificationFilter } from './notification-list.ts'
import type { ListedNotification } from './notification-list.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const PAGE_SIZE = 25
/** Rows of one CSV file: what a spreadsheet opens without trouble. */
const CSV_ROWS = 100_000
const CSV_BATCH = 200

export function notificationRoutes(app: FastifyInstance, deps: RouteDeps): void {
  deps.live(app, { path: '/notifications', template: 'notifications', load: (request) => list(request, deps) })
  sendRoute(app, deps)
  csvRoute(app, deps)
  followUpRoutes(app, deps)
  deps.live(app, { path: '/notifications/:id', template: 'notification', load: (request) => one(request, deps) })
}

async function list(request: FastifyRequest, deps: RouteDeps, retry?: RetriedForm): Promise<PageData> {
  const { stores, settings, now } = deps
  const filter = readInput(notificationFilter, request.query)
  const { sent } = readInput(z.object({ sent: z.string().max(40).optional() }), request.query)
  const [{ found, next }, inbox, followUpCount, newest] = await Promise.all([
    findNotifications(stores.notifications, filter, { limit: PAGE_SIZE, now: now() }),
    lookAtFollowUps(request, deps),
    stores.followUps.countOpen(),
    sent === undefined ? undefined : stores.notifications.get(sent),
  ])
  const kinds = Object.entries(settings.notifications)
  return {
    title: 'Notifications',
    section: 'notifications',
    sent: sent === undefined ? undefined : { id: sent, ...describeSent(newest) },
    filter,
    next,
    notifications: await Promise.all(
      found.map(async (each) => ({ ...each, assignee: await assigneeOf(each, stores) })),
    ),
    states: notificationState.options,
    kinds: kinds.map(([name, each]) => ({
      name,
      text: each.text,
      options: each.options,
      variables: variablesOf(each),
    })),
    variables: [...new Set(kinds.flatMap(([, each]) => variablesOf(each)))],
    ...inbox,
    followUpCount,
    form: { name: kinds[0]?.[0] ?? '', channel: 'sms', number: '', variables: {}, ...retry?.form },
    problems: retry?.problems ?? [],
  }
}

/** What has become of a notification that was sent with the form: what really happened, as far as it has. */
function describeSent(record: NotificationRecord | undefined) {
  const to = record?.contact.address ?? 'them'
  const state = record?.message?.state
  switch (state) {
    case undefined:
    case 'sending':
    case 'released':
      return { to, tone: 'busy', words: 'On its way to' }
    case 'accepted':
    case 'submitted':
    case 'delivered':
    case 'read':
      return { to, tone: 'good', words: 'Notification sent to' }
    case 'unknown':
      return { to, tone: 'warn', words: 'Nobody knows whether it went out to' }
    case 'suppressed':
    case 'dropped':
    case 'refused':
    case 'rejected':
    case 'undeliverable':
      return { to, tone: 'bad', words: 'Not sent to', why: record?.message?.reason ?? state }
  }
}

interface RetriedForm {
  form: NotifyForm
  problems: string[]
}

/** `POST /notify` with `number`, as in the seed. */
function sendRoute(app: FastifyInstance, deps: RouteDeps): void {
  const { pages, settings, notificationRequests, now } = deps
  app.post('/notify', { config: { needs: 'operator' } }, async (request, reply) => {
    const form = readInput(notifyForm, request.body)
    const read = readNotifyForm(form, settings)
    if (read.kind === 'invalid') {
      const data = await list(request, deps, { form, problems: read.problems })
      return pages.show(request, reply.code(422), 'notifications', { ...data, live: '/notifications/live' })
    }
    const id = newId('note')
    const { contact, variables, warnings } = read
    await trace(request, deps, { action: 'notification.send', target: id, detail: form.name })
    await notificationRequests.enqueue({ id, name: form.name, contact, variables, warnings, createdAt: now() })
    return reply.redirect(`/notifications?sent=${id}`, 303)
  })
}

async function one(request: FastifyRequest, { stores, now }: RouteDeps): Promise<PageData> {
  const { id } = readInput(z.object({ id: z.string().max(40) }), request.params)
  const record = await stores.notifications.get(id)
  if (!record) throw notFound(`notification ${id}`)
  return {
    title: `Notification to ${record.contact.address}`,
    section: 'notifications',
    notification: { ...record, state: stateOfNotification(record, now()), assignee: await assigneeOf(record, stores) },
  }
}

const columns: [string, (record: ListedNotification) => string | undefined][] = [
  ['id', ({ id }) => id],
  ['notification', ({ name }) => name],
  ['channel', ({ contact }) => contact.channel],
  ['address', ({ contact }) => contact.address],
  ['state', ({ state }) => state],
  ['message', ({ message }) => message?.state],
  ['option', ({ choice }) => choice?.option],
  ['choice', ({ choice }) => choice?.label],
  ['created', ({ createdAt }) => new Date(createdAt).toISOString()],
  ['chosen', ({ choice }) => choice && new Date(choice.receivedAt).toISOString()],
  ['needs a person', ({ needsPerson }) => (needsPerson ? 'yes' : 'no')],
]

/** The filtered list as a file, read and sent in batches. */
function csvRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/notifications.csv', async (request, reply): Promise<FastifyReply> => {
    const rows = csvRows(readInput(notificationFilter, request.query), deps)
    await trace(request, deps, { action: 'notification.export', target: 'csv' })
    return sendCsv(reply, 'notifications', rows)
  })
}

async function* csvRows(
  filter: z.infer<typeof notificationFilter>,
  { stores, now }: RouteDeps,
): AsyncGenerator<string> {
  yield csvRow(columns.map(([name]) => name))
  let position: { before: number; offset: number } | undefined = { before: now() + 1, offset: 0 }
  for (let rows = 0; position && rows < CSV_ROWS;) {
    const batch: Awaited<ReturnType<typeof findNotifications>> = await findNotifications(
      stores.notifications,
      { ...filter, ...position },
      { limit: CSV_BATCH, now: now() },
    )
    for (const record of batch.found) yield csvRow(columns.map(([, cell]) => cell(record)))
    rows += batch.found.length
    position = batch.next
  }
}
