import { contact, newId, parseContactId } from '@switchboard/contracts'
import type { Enqueue, Feed, FeedRefresh } from '@switchboard/contracts'
import type { FeedValues, Idempotency, Subscriptions } from '@switchboard/store'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'

import { once } from '../idempotent.ts'
import { enqueueOrUnavailable, orUnavailable, Problem } from '../problem.ts'
import { callerOf } from '../require-token.ts'

export interface FeedRouteDeps {
  feeds: Record<string, Feed>
  refresh: Enqueue<FeedRefresh>
  feedValues: Pick<FeedValues, 'nextTick'>
  idempotency: Pick<Idempotency, 'claim' | 'settle'>
  subscriptions: Pick<Subscriptions, 'page' | 'count'>
  now: () => number
}

const PAGE_SIZE = 100

/** Updates pushed into a topic, and who is subscribed. */
export function feedRoutes(
  app: FastifyInstance,
  { feeds, refresh, feedValues, idempotency, subscriptions, now }: FeedRouteDeps,
): void {
  const api = app.withTypeProvider<ZodTypeProvider>()

  api.post(
    '/api/feeds/:topic/updates',
    {
      config: { scope: 'feeds:write', does: 'feed.update', isFrequent: true },
      schema: {
        summary: 'Push an update into a topic',
        tags: ['feeds'],
        params: z.object({ topic: z.string() }),
        body: z.strictObject({ value: z.union([z.string().min(1).max(500), z.number()]).transform(String) }),
        response: { 202: z.object({ id: z.string() }) },
      },
    },
    async (request, reply) => {
      const topic = findTopic(feeds, request.params.topic)
      const { value } = request.body
      const asked = { by: callerOf(request).name, scope: `update.${topic}`, id: newId('update'), idempotency }
      const id = await once(request, asked, async (id) => {
        const at = await orUnavailable(feedValues.nextTick(topic, now()))
        await enqueueOrUnavailable(refresh, { topic, update: { id, value, at } })
      })
      return reply.code(202).send({ id })
    },
  )

  api.get(
    '/api/subscriptions',
    {
      config: { scope: 'people:read' },
      schema: {
        summary: 'Who is subscribed to a topic',
        tags: ['feeds'],
        querystring: z.object({
          topic: z.string(),
          after: z.string().default('').describe('`next` of the page before'),
        }),
        response: {
          200: z.object({
            topic: z.string(),
            total: z.number(),
            contacts: z.array(contact),
            next: z.string().nullable(),
          }),
        },
      },
    },
    async (request) => {
      const topic = findTopic(feeds, request.query.topic)
      const [total, ids] = await Promise.all([
        subscriptions.count(topic),
        subscriptions.page(topic, request.query.after, PAGE_SIZE),
      ])
      const next = ids.length === PAGE_SIZE ? (ids.at(-1) ?? null) : null
      return { topic, total, contacts: ids.map(parseContactId), next }
    },
  )
}

function findTopic(feeds: Record<string, Feed>, name: string): string {
  const topic = Object.keys(feeds).find((known) => known.toLowerCase() === name.toLowerCase())
  if (topic) return topic
  throw new Problem(
    404,
    'Unknown topic',
    `There is no topic ${name}. Topics: ${Object.keys(feeds).join(', ') || 'none'}.`,
  )
}
