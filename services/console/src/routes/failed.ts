import { setTimeout as wait } from 'node:timers/promises'

import { queues } from '@switchboard/contracts'
import { FAILED_LOOKED_AT } from '@switchboard/queue'
import type { FailedFilter, JobRef } from '@switchboard/queue'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import type { FailedRun } from '../failed-run.ts'
import { readInput } from '../read-input.ts'
import { Refusal, unknown } from '../refusal.ts'
import type { PageData } from '../render.ts'
import { groupErrors } from './group-errors.ts'
import { remedyOf } from './remedy.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const SHOWN = 100
const HOUR_MS = 3_600_000
/** How long it waits for a retry of all. */
const RUN_WITHIN_MS = 3_500
/** Ids that the trail names one by one. */
const TRACED_IDS = 20

const queueName = z.enum(queues.map(({ name }) => name))

const since = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const

const filterQuery = z.object({
  queue: queueName.or(z.literal('')).catch(''),
  text: z.string().trim().max(200).catch(''),
  since: z.enum(['', 'hour', 'day', 'week']).catch(''),
})
type FilterQuery = z.infer<typeof filterQuery>

/** The dead letters of all queues: look, count, retry, discard. */
export function failedRoutes(app: FastifyInstance, deps: RouteDeps): void {
  deps.live(app, { path: '/failed', template: 'failed', load: (request) => list(request, deps) })
  jobRoute(app, deps)
  actRoute(app, deps)
}

function toFilter({ queue, text, since: within }: FilterQuery, now: number): FailedFilter {
  return {
    ...(queue === '' ? {} : { queue }),
    ...(text === '' ? {} : { text }),
    ...(within === '' ? {} : { failedAfter: now - since[within] }),
  }
}

async function list(request: FastifyRequest, { failed, failedRuns, now }: RouteDeps): Promise<PageData> {
  const query = readInput(filterQuery, request.query)
  const { run: runId } = readInput(z.object({ run: z.string().max(40).optional() }), request.query)
  const run = failedRuns.get(runId)
  const [found, counts] = await Promise.all([failed.find(toFilter(query, now())), failed.counts()])
  return {
    title: 'Failed jobs',
    section: 'failed',
    filter: query,
    isFiltered: query.queue !== '' || query.text !== '' || query.since !== '',
    counts: [...counts].toSorted(([, a], [, b]) => b - a),
    total: [...counts.values()].reduce((sum, count) => sum + count, 0),
    ...countFitting(query, found.length, counts),
    run,
    outcome: run?.action === 'retry' ? await failedRuns.outcomeOf(run) : undefined,
    groups: groupErrors(found),
    jobs: found.slice(0, SHOWN),
  }
}

/** Of a queue with more failed jobs than are looked at it is known how many fit only where all of them do. */
function countFitting(
  { queue, text, since: within }: FilterQuery,
  found: number,
  counts: ReadonlyMap<string, number>,
): { fitting: number; isAtLeast: boolean } {
  const searched = [...counts].flatMap(([name, count]) => (queue === '' || queue === name ? [count] : []))
  const isCut = searched.some((count) => count > FAILED_LOOKED_AT)
  const isAll = text === '' && within === ''
  return { fitting: isAll ? searched.reduce((sum, count) => sum + count, 0) : found, isAtLeast: isCut && !isAll }
}

function jobRoute(app: FastifyInstance, { pages, failed }: RouteDeps): void {
  app.get('/failed/:queue/:id', async (request, reply) => {
    const { queue: named, id } = readInput(
      z.object({ queue: z.string().max(100), id: z.string().max(200) }),
      request.params,
    )
    const queue = queueName.safeParse(named).data
    if (queue === undefined) throw unknown(`queue ${named}`)
    const job = await failed.get(queue, id)
    if (!job)
      throw new Refusal(
        404,
        'Not here',
        `${id} of ${queue} is no failed job: it was retried or discarded, or it is older than two weeks.`,
      )
    return pages.show(request, reply, 'failed-job', {
      title: `Failed: ${id}`,
      section: 'failed',
      job,
      remedy: remedyOf(job.reason),
    })
  })
}

const actForm = filterQuery.extend({
  action: z.enum(['retry', 'discard']),
  scope: z.enum(['selected', 'fitting']),
  /** `queue/id` of each that was selected. */
  job: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((jobs) => [jobs].flat().flatMap(readRef)),
})

function readRef(text: string): JobRef[] {
  const slash = text.indexOf('/')
  const queue = queueName.safeParse(text.slice(0, slash))
  return queue.success ? [{ queue: queue.data, id: text.slice(slash + 1) }] : []
}

/** Retries or discards the jobs that were ticked, or all that fit the filter. */
function actRoute(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/failed', { config: { needs: 'operator' } }, async (request, reply) => {
    const form = readInput(actForm, request.body)
    const run = await (form.scope === 'selected' ? changeSelected(request, form, deps) : changeAll(request, form, deps))
    const query = new URLSearchParams({ queue: form.queue, text: form.text, since: form.since, run: run.id })
    return reply.redirect(`/failed?${query.toString()}`, 303)
  })
}

type ActForm = z.infer<typeof actForm>

async function changeSelected(request: FastifyRequest, { action, job: jobs }: ActForm, deps: RouteDeps) {
  await trace(request, deps, { action: `job.${action}`, target: 'selected', detail: describeJobs(jobs) })
  const changed = await deps.failed[action](jobs)
  return deps.failedRuns.note({ action, target: 'selected', changed, refs: jobs })
}

/** Where that takes longer than a page may, the page shows how far it has come. */
async function changeAll(request: FastifyRequest, form: ActForm, deps: RouteDeps): Promise<FailedRun> {
  const { failed, failedRuns, now } = deps
  const { action } = form
  const target = describeFilter(form)
  const counts = await failed.counts()
  const total = [...counts].reduce(
    (sum, [name, count]) => (form.queue === '' || form.queue === name ? sum + count : sum),
    0,
  )
  const begun = failedRuns.start({ action, filter: toFilter(form, now()), target, total })
  if (!begun) throw new Refusal(409, 'Wait a moment', 'Failed jobs are being retried or discarded already.')
  await trace(request, deps, { action: `job.${action}`, target, detail: `of ${total} failed jobs` })
  const ended = begun.ended.then(({ changed, refs }) =>
    trace(request, deps, { action: `job.${action}`, target, detail: `${changed} changed: ${describeJobs(refs)}` }),
  )
  ended.catch((error: unknown) => request.log.error({ error }, 'failed-jobs.not-traced'))
  await Promise.race([ended, wait(RUN_WITHIN_MS)])
  return begun.run
}

function describeFilter({ queue, text, since: within }: FilterQuery): string {
  const parts = [queue, text && `"${text}"`, within && `last ${within}`].filter(Boolean)
  return parts.length > 0 ? `all with ${parts.join(', ')}` : 'all'
}

function describeJobs(jobs: JobRef[]): string {
  const named = jobs.slice(0, TRACED_IDS).map(({ queue, id }) => `${queue}/${id}`)
  const more = jobs.length > TRACED_IDS ? ` and ${jobs.length - TRACED_IDS} more` : ''
  return `${jobs.length}: ${named.join(' ')}${more}`
}
