import { outboundQueues } from '@switchboard/contracts'
import type { QueueName } from '@switchboard/contracts'
import { jobStates } from '@switchboard/queue'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { roundUp } from '../charts.ts'
import { historyOf } from '../depth-history.ts'
import { readInput } from '../read-input.ts'
import { unknown } from '../refusal.ts'
import type { PageData } from '../render.ts'
import type { RouteDeps } from './route-deps.ts'

const SHOWN = 50

const query = z.object({ state: z.enum(jobStates).optional().catch(undefined) })

/** One queue: how it stands, and its jobs, each with a way to Bull Board's page of it. */
export function queueRoutes(app: FastifyInstance, deps: RouteDeps): void {
  deps.live(app, { path: '/queue/:name', template: 'queue', load: (request) => one(request, deps) })
}

async function one(request: FastifyRequest, { readQueues, readDepths, jobs, now }: RouteDeps): Promise<PageData> {
  const { name } = readInput(z.object({ name: z.string().max(100) }), request.params)
  const queue = (await readQueues()).find((each) => each.name === name)
  if (!queue) throw unknown(`queue ${name}`)
  const { state: wanted } = readInput(query, request.query)
  // Without a word: where somebody would look first.
  const state = wanted ?? jobStates.find((each) => countOf(queue.counts, each) > 0) ?? 'waiting'
  return {
    title: `Queue ${queue.name}`,
    section: 'queues',
    queue,
    state,
    states: jobStates.map((each) => ({ name: each, count: countOf(queue.counts, each) })),
    history: historyOf(queue.name, await readDepths(), now()),
    roundUp,
    jobs: await jobs.list(queue.name, state, SHOWN),
    isOfMessages: isOfMessages(queue.name),
  }
}

function countOf(counts: Record<string, number>, state: string): number {
  return (counts[state] ?? 0) + (state === 'waiting' ? (counts['prioritized'] ?? 0) : 0)
}

/** Their jobs have the ids of their messages. */
function isOfMessages(name: QueueName): boolean {
  return Object.values(outboundQueues).some((queue) => queue.name === name)
}
