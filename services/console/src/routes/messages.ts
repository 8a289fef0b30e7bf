import { alertChannel, alertIdOf, messageState, personId, purpose } from '@switchboard/contracts'
import type { MessageSubject } from '@switchboard/contracts'
import { findMessages } from '@switchboard/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { findCall } from '../find-call.ts'
import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import type { PageData } from '../render.ts'
import type { RouteDeps } from './route-deps.ts'
import { sentAs } from './sent-as.ts'

const PAGE_SIZE = 50
const HOUR_MS = 3_600_000
/** Later than any: the same for every look, so that a list that stands still is no news. */
const NEWEST = Number.MAX_SAFE_INTEGER

export function messageRoutes(app: FastifyInstance, deps: RouteDeps): void {
  deps.live(app, { path: '/messages', template: 'messages', load: (request) => list(request, deps) })
  deps.live(app, { path: '/messages/:id', template: 'message', load: (request) => one(request, deps) })
}

const within = { '': undefined, hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const

const listQuery = z.object({
  channel: alertChannel.or(z.literal('')).catch(''),
  state: messageState.or(z.literal('')).catch(''),
  purpose: purpose.or(z.enum(['', 'any'])).catch(''),
  since: z.enum(['', 'hour', 'day', 'week']).catch(''),
  before: z.coerce.number().int().optional().catch(undefined),
  offset: z.coerce.number().int().min(0).max(10_000).catch(0),
})

/** The newest messages that fit, those of feeds where that is wished; older ones are found by their id, their person, or what they belong to. */
async function list(request: FastifyRequest, { stores, now }: RouteDeps): Promise<PageData> {
  const { before, offset, ...filter } = readInput(listQuery, request.query)
  const from = { before: before ?? NEWEST, offset }
  const period = within[filter.since]
  const { found, next } = await findMessages(
    stores,
    {
      channel: filter.channel || undefined,
      state: filter.state || undefined,
      purpose: filter.purpose === 'any' ? undefined : filter.purpose || undefined,
      except: filter.purpose === '' ? 'feed' : undefined,
      since: period === undefined ? undefined : now() - period,
    },
    { from, limit: PAGE_SIZE },
  )
  return {
    title: 'Messages',
    section: 'messages',
    messages: found,
    filter,
    isFiltered: Object.values(filter).some(Boolean),
    channels: alertChannel.options,
    states: messageState.options,
    purposes: purpose.options,
    isNewest: offset === 0,
    next,
  }
}

async function one(request: FastifyRequest, { stores: { ledger, calls }, jobs }: RouteDeps): Promise<PageData> {
  const { id } = readInput(z.object({ id: z.string().max(100) }), request.params)
  const sent = await sentAs(id, ledger)
  if (!sent) throw notFound(`message ${id}`)
  const { record, queue } = sent
  return {
    title: `Message ${id}`,
    section: 'messages',
    message: { ...record, id: sent.id, personId: personId({ channel: record.channel, address: record.to }) },
    subjects: record.about ? linksOf(record.about) : [],
    job: (await jobs.has(queue, sent.id)) ? { queue, id: sent.id } : undefined,
    call: record.channel === 'voice' ? await findCall(record.uuids, calls) : undefined,
  }
}

/** Where to find what a message belongs to. */
function linksOf(about: MessageSubject): { label: string; href: string }[] {
  switch (about.kind) {
    case 'alert':
      return [linkOfAlert('alert', about.step.alertId)]
    case 'alert-closing':
      return [linkOfAlert('the end of alert', about.alertId)]
    case 'bundle':
      return [...new Set(about.members.map(alertIdOf))].map((alertId) => linkOfAlert('alert', alertId))
    case 'notification':
      return [{ label: `notification ${about.notificationId}`, href: `/notifications/${about.notificationId}` }]
    case 'feed':
      return [{ label: `feed ${about.topic}`, href: `/people?topic=${encodeURIComponent(about.topic)}` }]
  }
}

function linkOfAlert(what: string, alertId: string) {
  return { label: `${what} ${alertId}`, href: `/alerts/${alertId}` }
}
