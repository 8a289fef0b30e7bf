import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { requireOwnPage } from '../control/own-page.ts'
import { summaryOf, viewOf } from '../control/views.ts'
import { addressesOf } from '../people.ts'
import { readScenarios, shippedScenarios } from '../scenarios.ts'
import { viewOfCall } from '../voice/call.ts'
import type { Calls } from '../voice/calls.ts'
import { servePageAudio } from '../voice/page-audio.ts'
import { stateOf, type World } from '../world.ts'
import { renderPage } from './render-page.ts'

const KEPT_ALIVE_MS = 15_000
/** A page that is this far behind loses batches instead of filling our memory; it asks for a snapshot. */
const LONGEST_BACKLOG_BYTES = 4_000_000

const headers = {
  'content-security-policy': [
    "default-src 'self'",
    'img-src * data:',
    'media-src * blob:',
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' ws: wss:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; '),
  'cache-control': 'no-store',
}

export interface PageFeatures {
  /** There is a Switchboard behind us that the page can try. */
  canTry: boolean
}

/** The page, its files, the stream of changes that keeps it fresh, and its microphone. */
export async function registerPage(
  app: FastifyInstance,
  world: World,
  calls: Calls,
  features: PageFeatures,
): Promise<void> {
  const scenarios = readScenarios(shippedScenarios).map(({ name, title, description }) => ({
    name,
    title,
    description,
  }))
  const snapshot = () => ({ ...snapshotOf(world, calls), ...features, scenarios })
  await app.register(fastifyStatic, {
    root: join(import.meta.dirname, '../../public'),
    prefix: '/static/',
    cacheControl: false,
  })
  const ofOurs = {
    onRequest: async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        requireOwnPage(request)
      } catch (error) {
        return reply.code(403).send(error instanceof Error ? error.message : '')
      }
      return undefined
    },
  }
  app.get('/', ofOurs, async (_request, reply) =>
    reply.headers(headers).type('text/html; charset=utf-8').send(renderPage(snapshot())),
  )
  app.get('/snapshot', ofOurs, async () => snapshot())
  app.get('/events', ofOurs, (request, reply) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'keep-alive' })
    raw.write('retry: 1000\n\nevent: hello\ndata: {}\n\n')
    let isBehind = false
    const stop = world.feed.subscribe((batch) => {
      if (raw.writableLength > LONGEST_BACKLOG_BYTES) {
        isBehind = true
        return
      }
      raw.write(isBehind ? 'event: lost\ndata: {}\n\n' : `event: batch\ndata: ${batch}\n\n`)
      isBehind = false
    })
    const beat = setInterval(() => raw.write(': alive\n\n'), KEPT_ALIVE_MS)
    request.raw.on('close', () => {
      stop()
      clearInterval(beat)
    })
  })
  const stopAudio = servePageAudio(app.server, calls)
  app.addHook('preClose', async () => stopAudio())
}

/** The first ones and the newest: a load test makes people by the thousand. */
const SHOWN_PEOPLE = 150
const SHOWN_PER_THREAD = 200
const SHOWN_LOG = 300

function snapshotOf(world: World, calls: Calls) {
  const people = world.people.list()
  const shown = people.length > SHOWN_PEOPLE ? [...people.slice(0, 10), ...people.slice(10 - SHOWN_PEOPLE)] : people
  const addresses = new Set(shown.flatMap(addressesOf))
  const threads = world.messages.threads().filter(({ address }) => addresses.has(address))
  return {
    people: shown,
    messages: threads.flatMap(({ messages }) => messages.slice(-SHOWN_PER_THREAD).map(viewOf)),
    log: world.log.list({ limit: SHOWN_LOG }).map(summaryOf),
    calls: calls.list().slice(-20).map(viewOfCall),
    state: stateOf(world),
  }
}

export type Snapshot = ReturnType<typeof snapshotOf>
