import { setTimeout as wait } from 'node:timers/promises'

import { queues } from '@switchboard/contracts'
import { FAILED_LOOKED_AT } from '@switchboard/queue'
import type { FailedAction, FailedFilter, JobRef, RetryOutcome } from '@switchboard/queue'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { PageData } from '../render.ts'
import { groupErrors } from './group-errors.ts'
import { remedyOf } from './remedy.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const SHOWN = 100
const HOUR_MS = 3_600_000
/** How long a page waits for what retries come to. */
const OUTCOME_WITHIN_MS = 1_500
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
  const { done } = readInput(z.object({ done: z.string().max(300).optional() }), request.query)
  const [found, counts] = await Promise.all([failed.find(toFilter(query, now())), failed.counts()])
  return {
    title: 'Failed jobs',
    section: 'failed',
    done,
    filter: query,
    isFiltered: query.queue !== '' || query.text !== '' || query.since !== '',
    counts: [...counts].toSorted(([, a], [, b]) => b - a),
    total: [...counts.values()].reduce((sum, count) => sum + count, 0),
    ...countFitting(query, found.length, counts),
    run: done === undefined ? failedRuns.current() : undefined,
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
    const { queue, id } = readInput(z.object({ queue: queueName, id: z.string().max(200) }), request.params)
    const job = await failed.get(queue, id)
    if (!job) throw notFound(`failed job ${id} in ${queue}`)
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
    const done = await (form.scope === 'selected'
      ? changeSelected(request, form, deps)
      : changeAll(request, form, deps))
    const query = new URLSearchParams({ queue: form.queue, text: form.text, since: form.since, ...done })
    return reply.redirect(`/failed?${query.toString()}`, 303)
  })
}

type ActForm = z.infer<typeof actForm>

async function changeSelected(request: FastifyRequest, { action, job: jobs }: ActForm, deps: RouteDeps) {
  await trace(request, deps, { action: `job.${action}`, target: 'selected', detail: describeJobs(jobs) })
  const count = await deps.failed[action](jobs)
  return { done: await describeResult(action, count, jobs, deps) }
}

/** Where that takes longer than a page may, the page shows how far it has come. */
async function changeAll(request: FastifyRequest, form: ActForm, deps: RouteDeps): Promise<{ done?: string }> {
  const { failed, failedRuns, now } = deps
  const { action } = form
  const filter = toFilter(form, now())
  const target = describeFilter(form)
  const counts = await failed.counts()
  const total = [...counts].reduce(
    (sum, [name, count]) => (form.queue === '' || form.queue === name ? sum + count : sum),
    0,
  )
  const begun = failedRuns.start({ action, filter, target, total })
  if (!begun) throw new Refusal(409, 'Wait a moment', 'Failed jobs are being retried or discarded already.')
  await trace(request, deps, { action: `job.${action}`, target, detail: `of ${total} failed jobs` })
  const ended = begun.ended.then(async ({ changed, refs }) => {
    await trace(request, deps, { action: `job.${action}`, target, detail: `${changed} changed: ${describeJobs(refs)}` })
    return { done: await describeResult(action, changed, refs, deps) }
  })
  ended.catch((error: unknown) => request.log.error({ error }, 'failed-jobs.not-traced'))
  return Promise.race([ended, wait(RUN_WITHIN_MS, {})])
}

/** Says what it came to, of as many as can be waited for. */
async function describeResult(
  action: FailedAction,
  count: number,
  jobs: JobRef[],
  { failed }: RouteDeps,
): Promise<string> {
  if (action === 'discard') return `${plural(count)} discarded`
  const outcomes = await failed.outcomes(jobs.slice(0, TRACED_IDS), OUTCOME_WITHIN_MS)
  return [`${plural(count)} given another try`, ...describeOutcomes(outcomes)].join(', ')
}

function describeOutcomes(outcomes: RetryOutcome[]): string[] {
  const done = outcomes.filter(({ kind }) => kind === 'done').length
  const again = outcomes.filter((outcome) => outcome.kind === 'failed')
  const [first] = again
  return [
    ...(done > 0 ? [`${done} done`] : []),
    ...(first ? [`${again.length} failed again: ${first.reason.slice(0, 200)}`] : []),
  ]
}

function plural(count: number): string {
  return `${count} ${count === 1 ? 'job' : 'jobs'}`
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
