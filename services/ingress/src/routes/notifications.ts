import { newId } from '@switchboard/contracts'
import type { Enqueue, NotificationRequest } from '@switchboard/contracts'
import { readSoon } from '@switchboard/queue'
import { findNotifications, notificationState } from '@switchboard/store'
import type { Idempotency, ListPosition, NotificationFilter, Notifications } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { once } from '../idempotent.ts'
import { notificationBody, readNotification } from '../notification-body.ts'
import type { NotificationBodySettings } from '../notification-body.ts'
import { notificationCells, notificationColumns, notificationView, viewNotification } from '../notification-view.ts'
import { enqueueOrUnavailable, Problem } from '../problem.ts'
import { callerOf } from '../require-token.ts'
import { sendCsv } from '../send-csv.ts'

export interface NotificationRouteDeps {
  notificationSettings: NotificationBodySettings
  notificationRequests: Enqueue<NotificationRequest> & { isPending(jobId: string): Promise<boolean> }
  notifications: Pick<Notifications, 'get' | 'recent'>
  idempotency: Pick<Idempotency, 'claim' | 'settle'>
  now: () => number
}

const filters = {
  template: z.string().optional(),
  state: notificationState.optional(),
  option: z.string().optional().describe('the option that was chosen'),
  needsPerson: z.stringbool().optional(),
  to: z.string().optional(),
}
const position = z
  .string()
  .regex(/^\d{1,15}\.\d{1,9}$/, 'must be `next` of the page before')
  .transform((text): ListPosition => {
    const [before = 0, offset = 0] = text.split('.').map(Number)
    return { before, offset }
  })

/** Delivery notifications: send one, look at it, list them. */
export function notificationRoutes(app: FastifyInstance, deps: NotificationRouteDeps): void {
  sendRoute(app, deps)
  readRoute(app, deps)
  listRoute(app, deps)
}

function sendRoute(app: FastifyInstance, deps: NotificationRouteDeps): void {
  const { notificationSettings, notificationRequests, idempotency, now } = deps
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/notifications',
    {
      config: { scope: 'notifications:write', does: 'notification.send', isFrequent: true },
      schema: {
        summary: 'Send a delivery notification',
        description: 'Asks a question of the configuration. Replies choose one of its options.',
        tags: ['notifications'],
        body: notificationBody,
        response: {
          202: z.object({ id: z.string(), warnings: z.array(z.object({ field: z.string(), message: z.string() })) }),
        },
      },
    },
    async (request, reply) => {
      const { name, contact, variables, warnings } = readNotification(request.body, notificationSettings)
      const id = await once(
        request,
        { by: callerOf(request).name, scope: 'notification', id: newId('note'), idempotency },
        (id) =>
          enqueueOrUnavailable(notificationRequests, {
            id,
            name,
            contact,
            variables,
            warnings: warnings.map(({ message }) => message),
            createdAt: now(),
          }),
      )
      return reply.code(202).header('location', `/api/notifications/${id}`).send({ id, warnings })
    },
  )
}

function readRoute(app: FastifyInstance, { notifications, notificationRequests, now }: NotificationRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/notifications/:id',
    {
      config: { scope: 'notifications:read' },
      schema: {
        summary: 'A notification: its message, its choice, its replies',
        tags: ['notifications'],
        params: z.object({ id: z.string().max(40) }),
        response: { 200: notificationView },
      },
    },
    async ({ params: { id } }) => {
      const record = await readSoon(
        () => notifications.get(id),
        () => notificationRequests.isPending(id),
      )
      if (!record)
        throw new Problem(404, 'Unknown notification', `There is no notification ${id}, or it has not begun.`)
      return viewNotification(record, now())
    },
  )
}

function listRoute(app: FastifyInstance, deps: NotificationRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/api/notifications',
    {
      config: { scope: 'notifications:read' },
      schema: {
        summary: 'List notifications, newest first, as JSON or as a CSV file of all that fit',
        tags: ['notifications'],
        querystring: z.object({
          ...filters,
          format: z.enum(['json', 'csv']).default('json'),
          limit: z.coerce.number().int().min(1).max(100).default(50),
          after: position.optional().describe('`next` of the page before'),
        }),
        response: { 200: z.object({ notifications: z.array(notificationView), next: z.string().nullable() }) },
      },
    },
    async (request, reply) => {
      const { template, to, format, limit, after, ...rest } = request.query
      const filter = { ...rest, name: template, address: to?.replace(/^\+/, '') }
      if (format === 'csv') return sendCsv(reply, 'notifications', notificationColumns, rowsOf(filter, deps))
      const now = deps.now()
      const from = after ?? { before: now + 1, offset: 0 }
      const { found, next } = await findNotifications(deps.notifications, filter, { from, limit, now })
      return {
        notifications: found.map((record) => viewNotification(record, now)),
        next: next ? `${next.before}.${next.offset}` : null,
      }
    },
  )
}

const BATCH = 200

async function* rowsOf(filter: NotificationFilter, { notifications, now }: NotificationRouteDeps) {
  let from: ListPosition | undefined = { before: now() + 1, offset: 0 }
  while (from) {
    const page: Awaited<ReturnType<typeof findNotifications>> = await findNotifications(notifications, filter, {
      from,
      limit: BATCH,
      now: now(),
    })
    for (const record of page.found) yield notificationCells(viewNotification(record, now()))
    from = page.next
  }
}
