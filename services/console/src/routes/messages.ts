import { personId } from '@switchboard/contracts'
import type { MessageSubject } from '@switchboard/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import type { PageData } from '../render.ts'
import { pageOf, readPage } from './paging.ts'
import type { RouteDeps } from './route-deps.ts'

const PAGE_SIZE = 50

export function messageRoutes(app: FastifyInstance, deps: RouteDeps): void {
  deps.live(app, { path: '/messages', template: 'messages', load: (request) => list(request, deps) })
  deps.live(app, { path: '/messages/:id', template: 'message', load: (request) => one(request, deps) })
}

/** The newest messages; older ones are found by their id, their person, or what they belong to. */
async function list(request: FastifyRequest, { stores: { traffic, ledger } }: RouteDeps): Promise<PageData> {
  const page = readPage(request.query)
  const ids = await traffic.recentMessages(page * PAGE_SIZE, PAGE_SIZE + 1)
  const records = await Promise.all(ids.slice(0, PAGE_SIZE).map(async (id) => ({ id, record: await ledger.get(id) })))
  return {
    title: 'Messages',
    section: 'messages',
    messages: records.flatMap(({ id, record }) => (record ? [{ ...record, id }] : [])),
    paging: pageOf({ page, hasMore: ids.length > PAGE_SIZE, path: '/messages', query: {} }),
  }
}

async function one(request: FastifyRequest, { stores: { ledger } }: RouteDeps): Promise<PageData> {
  const { id } = readInput(z.object({ id: z.string().max(100) }), request.params)
  const record = await ledger.get(id)
  if (!record) throw notFound(`message ${id}`)
  return {
    title: `Message ${id}`,
    section: 'messages',
    message: { ...record, id, personId: personId({ channel: record.channel, address: record.to }) },
    subject: record.about && linkOf(record.about),
  }
}

/** Where to find what a message belongs to. */
function linkOf(about: MessageSubject): { label: string; href: string | undefined } {
  switch (about.kind) {
    case 'alert':
      return { label: `alert ${about.step.alertId}`, href: `/alerts/${about.step.alertId}` }
    case 'alert-closing':
      return { label: `the end of alert ${about.alertId}`, href: `/alerts/${about.alertId}` }
    case 'bundle':
      return { label: `${about.members.length} alerts in one message`, href: undefined }
    case 'notification':
      return { label: `notification ${about.notificationId}`, href: `/notifications/${about.notificationId}` }
    case 'feed':
      return { label: `feed ${about.topic}`, href: `/people?topic=${encodeURIComponent(about.topic)}` }
  }
}
