import { alertAct, newId } from '@switchboard/contracts'
import type { ActAnswer, Alert } from '@switchboard/contracts'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { sessionOf } from '../auth/require-session.ts'
import { readInput } from '../read-input.ts'
import { notFound } from '../refusal.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const params = z.object({ id: z.string().max(40) })
const form = z
  .object({
    act: z.string(),
    text: z.string().trim().optional(),
    to: z.string().optional(),
    minutes: z.coerce.number().optional(),
  })
  .transform(({ act: kind, ...rest }) => ({ kind, ...rest }))
  .pipe(alertAct)

/** What an operator does with an alert, apart from taking and cancelling it. */
export function alertActRoute(app: FastifyInstance, deps: RouteDeps): void {
  const { stores, attention, now } = deps
  app.post('/alerts/:id/act', { config: { needs: 'responder' } }, async (request, reply) => {
    const { id } = readInput(params, request.params)
    if (!(await stores.alerts.get(id))) throw notFound(`alert ${id}`)
    const act = readInput(form, request.body)
    const by = { how: 'api' as const, name: sessionOf(request).name }
    await trace(request, deps, { action: `alert.${act.kind}`, target: id })
    await attention.enqueue({ alertId: id, at: now(), evidenceId: newId(CONSOLE), evidence: { kind: 'act', act, by } })
    return reply.redirect(`/alerts/${id}`, 303)
  })
}

/** What names an act that was done here. */
const CONSOLE = 'act'
/** So long it is news. */
const NEWS_MS = 30_000

const sentences: Partial<Record<ActAnswer, string>> = {
  over: 'Not done: it is over.',
  passed: 'Passed on: the next person is asked now.',
  'nobody-left': 'Nobody is left to pass it on to.',
  who: 'Nothing was passed on: nobody is being asked.',
  noted: 'The note is kept.',
  'handed-over': 'Handed over: they are asked now.',
  'unknown-name': 'Not done: nobody on the list has this name.',
  snoozed: 'Put off.',
  resolved: 'It is over.',
}

/** What came of what was done here a moment ago. */
export function describeNewestAct({ acts = [] }: Pick<Alert, 'acts'>, now: number): string | undefined {
  const newest = acts.findLast(({ id }) => id.startsWith(`${CONSOLE}-`))
  return newest && now - newest.at < NEWS_MS ? sentences[newest.answer] : undefined
}
