import { newId } from '@switchboard/contracts'
import type { AlertAttention, AlertRequest, SwitchboardConfig } from '@switchboard/contracts'
import type { Alerts, Idempotency } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import type { Enqueue } from '../accept.ts'
import { alertBody, readPlan } from '../alert-body.ts'
import { alertView, viewAlert } from '../alert-view.ts'
import type { AlertView } from '../alert-view.ts'
import { idempotentId } from '../idempotent.ts'
import { enqueueOrUnavailable, Problem } from '../problem.ts'
import { readSoon } from '../read-soon.ts'

export interface AlertRouteDeps {
  alertSettings: Pick<SwitchboardConfig, 'policies' | 'senders'>
  alertRequests: Enqueue<AlertRequest> & { isPending(jobId: string): Promise<boolean> }
  attention: Enqueue<AlertAttention>
  alerts: Alerts
  idempotency: Pick<Idempotency, 'claim'>
  now: () => number
}

const params = z.object({ id: z.string().max(40) })
const accepted = z.object({ id: z.string() })

/** Alerts: start, look, acknowledge, cancel. */
export function alertRoutes(app: FastifyInstance, deps: AlertRouteDeps): void {
  startRoute(app, deps)
  readRoutes(app, deps)
  endRoutes(app, deps)
}

function startRoute(app: FastifyInstance, { alertSettings, alertRequests, idempotency, now }: AlertRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/alerts',
    {
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
      const id = await idempotentId(request, 'alert', newId('alert'), idempotency)
      await enqueueOrUnavailable(alertRequests, { id, text: request.body.text, plan, createdAt: now() })
      return reply.code(202).header('location', `/api/alerts/${id}`).send({ id, warnings })
    },
  )
}

function readRoutes(app: FastifyInstance, { alerts, alertRequests }: AlertRouteDeps): void {
  const api = app.withTypeProvider<ZodTypeProvider>()
  const view = async (alertId: string): Promise<AlertView | undefined> => {
    const alert = await alerts.get(alertId)
    return alert && viewAlert(alert, await alerts.plan(alert.planId))
  }

  api.get(
    '/api/alerts/:id',
    { schema: { summary: 'State and timeline of an alert', tags: ['alerts'], params, response: { 200: alertView } } },
    async ({ params: { id } }) => {
      const found = await readSoon(
        () => view(id),
        () => alertRequests.isPending(id),
      )
      if (!found) throw new Problem(404, 'Unknown alert', `There is no alert ${id}, or it has not begun yet.`)
      return found
    },
  )

  api.get(
    '/api/alerts',
    {
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
        response: { 200: z.object({ open: z.number(), alerts: z.array(alertView) }) },
      },
    },
    async (request) => {
      const { state, offset, limit } = request.query
      const ids = await (state === 'open' ? alerts.walking(offset, limit) : alerts.recent(offset, limit))
      const found = (await Promise.all(ids.map(view))).filter((each) => each !== undefined)
      // The index may name one that has just ended, or whose record is gone.
      const shown = found.filter((each) => state === 'all' || each.state === 'walking')
      return { open: await alerts.countWalking(), alerts: shown }
    },
  )
}

function endRoutes(app: FastifyInstance, { alerts, alertRequests, attention, now }: AlertRouteDeps): void {
  const api = app.withTypeProvider<ZodTypeProvider>()
  const isKnown = async (id: string): Promise<boolean> => {
    if ((await alerts.get(id)) || (await alertRequests.isPending(id))) return true
    // It may have begun between the two questions.
    return (await alerts.get(id)) !== undefined
  }
  const requireAlert = async (id: string): Promise<void> => {
    if (!(await isKnown(id))) throw new Problem(404, 'Unknown alert', `There is no alert ${id}.`)
  }

  api.post(
    '/api/alerts/:id/acknowledge',
    {
      schema: {
        summary: 'Acknowledge an alert',
        tags: ['alerts'],
        params,
        body: z.strictObject({ by: z.string().min(1).max(100).optional() }).nullish(),
        response: { 202: accepted },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await requireAlert(id)
      const by = request.body?.by
      const evidence = { kind: 'api' as const, ...(by === undefined ? {} : { by }) }
      await enqueueOrUnavailable(attention, { alertId: id, at: now(), evidenceId: newId('api'), evidence })
      return reply.code(202).send({ id })
    },
  )

  api.delete(
    '/api/alerts/:id',
    { schema: { summary: 'Cancel an alert', tags: ['alerts'], params, response: { 202: accepted } } },
    async (request, reply) => {
      const { id } = request.params
      await requireAlert(id)
      const evidence = { kind: 'cancel' as const, reason: 'cancelled by the API' }
      await enqueueOrUnavailable(attention, { alertId: id, at: now(), evidenceId: newId('cancel'), evidence })
      return reply.code(202).send({ id })
    },
  )
}
