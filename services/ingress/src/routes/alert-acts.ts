import { actAnswer, LONGEST_NOTE, LONGEST_SNOOZE_MINUTES, newId } from '@switchboard/contracts'
import type { ActAnswer, AlertAct, AlertAttention } from '@switchboard/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { outcomeOf } from '../act-outcome.ts'
import { alertParams, requireAlert } from '../find-alert.ts'
import { once } from '../idempotent.ts'
import { enqueueOrUnavailable } from '../problem.ts'
import { callerOf } from '../require-token.ts'
import type { AlertRouteDeps } from './alerts.ts'

const by = z.string().trim().min(1).max(100).optional().describe('who does it: a user of the policy, or anybody else')
const onlyBy = z.strictObject({ by }).nullish()
const done = z.object({
  id: z.string(),
  outcome: actAnswer.nullable().describe('what came of it; null: nobody has looked yet, the timeline will tell'),
})

const summaries = {
  acknowledge: 'Acknowledge an alert: nobody else is asked',
  pass: 'Ask the next person now: whoever is asked, or has it, cannot',
  note: 'Add a note, which whoever takes the alert is told',
  'hand-over': 'Ask another user of the policy now; if they do not answer the walk goes on where it was',
  snooze: 'Ask nobody for some minutes; then whoever was asked is asked again',
  resolve: 'Say that it is over, whether somebody has it or not',
}

const path = <Name extends keyof typeof summaries>(name: Name) => `/api/alerts/:id/${name}` as const
const options = <Body extends z.ZodType>(name: keyof typeof summaries, body: Body) => ({
  config: { scope: 'alerts:write', does: `alert.${name}` } as const,
  schema: { summary: summaries[name], tags: ['alerts'], params: alertParams, response: { 202: done }, body },
})

/** What people do with an alert; each is told what came of it. */
export function alertActRoutes(app: FastifyInstance, deps: AlertRouteDeps): void {
  const api = app.withTypeProvider<ZodTypeProvider>()
  api.post(path('acknowledge'), options('acknowledge', onlyBy), async (request, reply) => {
    const name = request.body?.by
    const evidence = { kind: 'api' as const, ...(name === undefined ? {} : { by: name }) }
    return reply.code(202).send(await tell(request, { ...request.params, name: 'acknowledge', evidence }, deps))
  })
  api.post(path('pass'), options('pass', onlyBy), async (request, reply) =>
    reply.code(202).send(await act(request, { ...request.params, ...request.body, act: { kind: 'pass' } }, deps)),
  )
  api.post(path('resolve'), options('resolve', onlyBy), async (request, reply) =>
    reply.code(202).send(await act(request, { ...request.params, ...request.body, act: { kind: 'resolve' } }, deps)),
  )
  const note = z.strictObject({ text: z.string().trim().min(1).max(LONGEST_NOTE), by })
  api.post(path('note'), options('note', note), async (request, reply) => {
    const { text, ...who } = request.body
    return reply.code(202).send(await act(request, { ...request.params, ...who, act: { kind: 'note', text } }, deps))
  })
  const handOver = z.strictObject({
    to: z.string().trim().min(1).max(100).meta({ description: 'a user of the policy', example: 'Michael' }),
    by,
  })
  api.post(path('hand-over'), options('hand-over', handOver), async (request, reply) => {
    const { to, ...who } = request.body
    return reply.code(202).send(await act(request, { ...request.params, ...who, act: { kind: 'hand-over', to } }, deps))
  })
  const snooze = z.strictObject({ minutes: z.int().min(1).max(LONGEST_SNOOZE_MINUTES), by })
  api.post(path('snooze'), options('snooze', snooze), async (request, reply) => {
    const { minutes, ...who } = request.body
    const what = { kind: 'snooze', minutes } as const
    return reply.code(202).send(await act(request, { ...request.params, ...who, act: what }, deps))
  })
}

function act(
  request: FastifyRequest,
  { id, by: name, act: what }: { id: string; by?: string | undefined; act: AlertAct },
  deps: AlertRouteDeps,
): Promise<z.infer<typeof done>> {
  const evidence = {
    kind: 'act' as const,
    act: what,
    by: { how: 'api' as const, ...(name === undefined ? {} : { name }) },
  }
  return tell(request, { id, name: what.kind, evidence }, deps)
}

async function tell(
  request: FastifyRequest,
  { id: idOrCode, name, evidence }: { id: string; name: string; evidence: AlertAttention['evidence'] },
  deps: AlertRouteDeps,
): Promise<{ id: string; outcome: ActAnswer | null }> {
  const id = await requireAlert(idOrCode, deps)
  const evidenceId = await once(
    request,
    { by: callerOf(request).name, scope: `${name}.${id}`, id: newId('api'), idempotency: deps.idempotency },
    (evidenceId) => enqueueOrUnavailable(deps.attention, { alertId: id, at: deps.now(), evidenceId, evidence }),
  )
  return { id, outcome: (await outcomeOf(id, evidenceId, deps)) ?? null }
}
