import { createHash } from 'node:crypto'

import { newId, planOf, own } from '@switchboard/contracts'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { alertmanagerBody, alertmanagerMedia, alertmanagerText } from '../alertmanager.ts'
import type { AlertmanagerBody } from '../alertmanager.ts'
import { enqueueOrUnavailable, Problem } from '../problem.ts'
import type { AlertRouteDeps } from './alerts.ts'

const MAX_GROUP_KEY = 300

type Outcome = { id: string | null; outcome: 'started' | 'joined' | 'ended' | 'nothing-open' }

/** Webhooks of Prometheus' Alertmanager: firing starts an alert or joins the one of its group, resolved ends it. */
export function alertmanagerRoutes(app: FastifyInstance, deps: AlertRouteDeps): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/api/alerts/alertmanager/:policy',
    {
      // What fires again joins the alert of its group.
      config: { scope: 'alerts:write', does: 'alert.alertmanager', isRepeatable: true },
      schema: {
        summary: 'Receive a webhook of Alertmanager',
        description: 'Firing starts an alert by the policy, or joins the one of its group. Resolved ends it.',
        tags: ['alerts'],
        params: z.object({ policy: z.string() }),
        body: alertmanagerBody,
        response: {
          202: z.object({
            id: z.string().nullable(),
            outcome: z.enum(['started', 'joined', 'ended', 'nothing-open']),
          }),
        },
      },
    },
    async (request, reply) => {
      const { policy } = request.params
      if (!own(deps.alertSettings.policies, policy)) {
        const known = Object.keys(deps.alertSettings.policies).join(', ') || 'none'
        throw new Problem(404, 'Unknown policy', `There is no policy "${policy}". Policies: ${known}.`)
      }
      const groupKey = groupKeyOf(policy, request.body.groupKey)
      const outcome =
        request.body.status === 'firing'
          ? await fire(policy, groupKey, request.body, deps)
          : await resolve(groupKey, deps)
      return reply.code(202).send(outcome)
    },
  )
}

/** The name of a group: that of Alertmanager, or its digest where that is long. A policy's groups are its own. */
function groupKeyOf(policy: string, key: string): string {
  const name = `${policy}:${key}`
  return name.length <= MAX_GROUP_KEY ? name : `${policy}:sha256:${createHash('sha256').update(key).digest('hex')}`
}

/**
 * While somebody has it, or is being looked for, a group that fires again is the same alert. Of several that fire
 * together one decides which alert it is; whoever finds that it has not begun asks for it, under the same id.
 */
async function fire(
  name: string,
  groupKey: string,
  body: AlertmanagerBody,
  { alerts, alertRequests, alertSettings, now }: AlertRouteDeps,
): Promise<Outcome> {
  const policy = own(alertSettings.policies, name)
  if (!policy) throw new Error(`There is no policy ${name}`)
  const current = await alerts.alertOfGroup(groupKey)
  const replaced = current && (await isOver(current, alerts)) ? current.alertId : undefined
  const proposed = newId('alert')
  const id = await alerts.joinGroup(groupKey, proposed, replaced)
  if ((await alerts.get(id)) === undefined) {
    const said = { text: alertmanagerText(body), ...alertmanagerMedia(body) }
    const request = { id, ...said, plan: planOf(policy, name), createdAt: now(), groupKey }
    await enqueueOrUnavailable(alertRequests, request)
  }
  return { id, outcome: id === proposed ? 'started' : 'joined' }
}

async function isOver(
  group: { alertId: string; isOver?: boolean | undefined },
  alerts: Pick<AlertRouteDeps['alerts'], 'get'>,
): Promise<boolean> {
  if (group.isOver) return true
  const state = (await alerts.get(group.alertId))?.state
  return state === 'exhausted' || state === 'cancelled'
}

async function resolve(groupKey: string, { alerts, attention, now }: AlertRouteDeps): Promise<Outcome> {
  const group = await alerts.alertOfGroup(groupKey)
  if (!group || group.isOver) return { id: null, outcome: 'nothing-open' }
  const id = group.alertId
  await enqueueOrUnavailable(attention, {
    alertId: id,
    at: now(),
    evidenceId: 'resolved',
    evidence: { kind: 'act', act: { kind: 'resolve' }, by: { how: 'api', name: 'Alertmanager' } },
  })
  await alerts.leaveGroup(groupKey, id)
  return { id, outcome: 'ended' }
}
