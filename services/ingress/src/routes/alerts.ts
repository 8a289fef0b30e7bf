import { newId } from '@switchboard/contracts'
import type { Alert, AlertAttention, AlertRequest, Enqueue, SwitchboardConfig } from '@switchboard/contracts'
import { readSoon } from '@switchboard/queue'
import type { Alerts, Idempotency } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { alertBody, readPlan } from '../alert-body.ts'
import { alertView, viewAlert } from '../alert-view.ts'
import type { AlertView } from '../alert-view.ts'
import { alertParams, findAlert, requireAlert, unknownAlert } from '../find-alert.ts'
import { once } from '../idempotent.ts'
import { enqueueOrUnavailable, Problem } from '../problem.ts'
import { callerOf } from '../require-token.ts'
import { alertActRoutes } from './alert-acts.ts'

export interface AlertRouteDeps {
  alertSettings: Pick<SwitchboardConfig, 'policies' | 'senders'>
  alertRequests: Enqueue<AlertRequest> & { isPending(jobId: string): Promise<boolean> }
  attention: Enqueue<AlertAttention>
  alerts: Alerts
  idempotency: Pick<Idempotency, 'claim' | 'settle'>
  now: () => number
}

const accepted = z.object({ id: z.string() })

/** Alerts: start, look, cancel; and what people do with them. */
export function alertRoutes(app: FastifyInstance, deps: AlertRouteDeps): void {
  startRoute(app, deps)
  readRoutes(app, deps)
  alertActRoutes(app, deps)
  cancelRoute(app, deps)
}

function startRoute(app: FastifyInstance, { alertSettings, alertRequests, idempotency, now }: AlertRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/alerts',
    {
      config: { scope: 'alerts:write', does: 'alert.start' },
      schema: {
        summary: 'Start an alert',
        description: 'Walks the users of a policy, or those given, until somebody has seen the text.',
        tags: ['alerts'],
        body: alertBody(alertSettings),
        response: { 202: accepted.extend({ warnings: z.array(z.object({ field: z.string(), message: z.string() })) }) },
      },
    },
    async (request, reply) => {
      const { plan, warnings } = readPlan(request.body, alertSettings)
      const { text, media } = request.body
      const id = await once(
        request,
        { by: callerOf(request).name, scope: 'alert', id: newId('alert'), idempotency },
        (id) => enqueueOrUnavailable(alertRequests, { id, text, ...(media ? { media } : {}), plan, createdAt: now() }),
      )
      return reply.code(202).header('location', `/api/alerts/${id}`).send({ id, warnings })
    },
  )
}

const listed = z.object({
  open: z.number().describe('how many walk'),
  unanswered: z.number().describe('how many nobody answered within the last week and nobody has taken since'),
  alerts: z.array(alertView),
})

function readRoutes(app: FastifyInstance, { alerts, alertRequests, now }: AlertRouteDeps): void {
  const api = app.withTypeProvider<ZodTypeProvider>()
  const view = async (alert: Alert | undefined): Promise<AlertView | undefined> =>
    alert && viewAlert(alert, await alerts.plan(alert.planId))

  api.get(
    '/api/alerts/:id',
    {
      config: { scope: 'alerts:read' },
      schema: {
        summary: 'State and timeline of an alert',
        tags: ['alerts'],
        params: alertParams,
        response: { 200: alertView },
      },
    },
    async ({ params: { id } }) => {
      const found = await readSoon(
        async () => view(await findAlert(id, alerts)),
        () => alertRequests.isPending(id),
      )
      if (found) return found
      if (!(await alertRequests.isPending(id))) throw unknownAlert(id)
      throw new Problem(503, 'Not begun yet', `Alert ${id} was asked for and has not begun yet. Does failover run?`)
    },
  )

  api.get(
    '/api/alerts',
    {
      config: { scope: 'alerts:read' },
      schema: {
        summary: 'List alerts',
        tags: ['alerts'],
        querystring: z.object({
          state: z
            .enum(['open', 'all'])
            .default('open')
            .describe('open: in the order their steps fall due; all: open ones first, then the others, newest first'),
          offset: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: listed },
      },
    },
    async (request) => {
      const { state, offset, limit } = request.query
      const ids = await (state === 'open' ? alerts.walking(offset, limit) : alerts.recent(offset, limit))
      const found = (await Promise.all(ids.map(async (id) => view(await alerts.get(id))))).filter(
        (each) => each !== undefined,
      )
      // The index may name one that has just ended, or whose record is gone.
      const shown = found.filter((each) => state === 'all' || each.state === 'walking')
      const [open, unanswered] = await Promise.all([alerts.countWalking(), alerts.countUnanswered(now())])
      return { open, unanswered, alerts: shown }
    },
  )
}

function cancelRoute(app: FastifyInstance, deps: AlertRouteDeps): void {
  const { attention, now } = deps
  app.withTypeProvider<ZodTypeProvider>().delete(
    '/api/alerts/:id',
    {
      config: { scope: 'alerts:write', does: 'alert.cancel' },
      schema: { summary: 'Cancel an alert', tags: ['alerts'], params: alertParams, response: { 202: accepted } },
    },
    async (request, reply) => {
      const id = await requireAlert(request.params.id, deps)
      const evidence = { kind: 'cancel' as const, reason: 'cancelled by the API' }
      await enqueueOrUnavailable(attention, { alertId: id, at: now(), evidenceId: newId('cancel'), evidence })
      return reply.code(202).send({ id })
    },
  )
}
