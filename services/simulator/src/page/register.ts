import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

import { viewOf } from '../control/views.ts'
import { stateOf, type World } from '../world.ts'
import { renderPage } from './render-page.ts'

const KEPT_ALIVE_MS = 15_000

/** The page, its files, and the stream of changes that keeps it fresh. */
export async function registerPage(app: FastifyInstance, world: World): Promise<void> {
  await app.register(fastifyStatic, { root: join(import.meta.dirname, '../../public'), prefix: '/static/' })
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(renderPage(snapshotOf(world))))
  app.get('/snapshot', async () => snapshotOf(world))
  app.get('/events', (request, reply) => {
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'keep-alive' })
    raw.write('retry: 1000\n\nevent: hello\ndata: {}\n\n')
    // A page that reads too slowly loses batches rather than filling our memory; it asks for a snapshot.
    const stop = world.feed.subscribe((batch) => {
      raw.write(raw.writableLength > 4_000_000 ? 'event: lost\ndata: {}\n\n' : `event: batch\ndata: ${batch}\n\n`)
    })
    const beat = setInterval(() => raw.write(': alive\n\n'), KEPT_ALIVE_MS)
    request.raw.on('close', () => {
      stop()
      clearInterval(beat)
    })
  })
}

const SHOWN_PER_THREAD = 200
const SHOWN_LOG = 300

export function snapshotOf(world: World) {
  return {
    people: world.people.list(),
    messages: world.messages.threads().flatMap(({ messages }) => messages.slice(-SHOWN_PER_THREAD).map(viewOf)),
    log: world.log.list({ limit: SHOWN_LOG }),
    state: stateOf(world),
  }
}

export type Snapshot = ReturnType<typeof snapshotOf>
