import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import { may } from '@switchboard/contracts'
import type { OpenQueues } from '@switchboard/queue'
import type { FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify'

import { isReading } from './auth/needed-role.ts'
import { requireRole, sessionOf } from './auth/require-session.ts'
import { boardStyle } from './board-style.ts'
import { Refusal } from './refusal.ts'
import { actorOf } from './trail.ts'
import type { Trail } from './trail.ts'

const BOARD = '/queues'
/** The same board without its buttons. */
const VIEWER_BOARD = '/queues/read-only'
const POLICY = [
  "default-src 'self'",
  // Its page brings a style block of its own.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  // Its page names its folder as the base.
  "base-uri 'self'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ')

export interface BoardDeps {
  queues: OpenQueues
  trail: Trail
  now: () => number
}

/** Bull Board over every queue. Viewers get one that only reads; whatever they send, nothing is changed. */
export async function registerBoard(app: FastifyInstance, { queues, trail, now }: BoardDeps): Promise<void> {
  app.addHook('onRoute', (route) => {
    const isRead = [route.method].flat().every(isReading)
    route.config = { ...route.config, needs: isRead ? 'viewer' : 'operator' }
  })
  app.addHook('onRequest', requireRole)
  app.addHook('onRequest', leadViewers)
  app.addHook('onRequest', refuseEditing)
  app.addHook('onSend', async (request, reply, payload) => {
    const isAsset = request.url.includes('/static/')
    void reply.headers({ 'cache-control': isAsset ? 'max-age=86400' : 'no-store', 'content-security-policy': POLICY })
    const isPage = typeof payload === 'string' && String(reply.getHeader('content-type')).includes('text/html')
    return isPage ? makeOurs(payload, queueIn(request.url, queues)) : payload
  })
  app.addHook('onResponse', async (request, reply) => {
    if (request.method === 'GET' || reply.statusCode >= 400) return
    const target = request.url.slice(`${BOARD}/api/`.length).split('?')[0] ?? ''
    await trail.add({ at: now(), ...actorOf(sessionOf(request)), action: 'board', target, detail: request.method })
  })
  await app.register(createBoard(BOARD, queues, false), { prefix: BOARD })
  await app.register(createBoard(VIEWER_BOARD, queues, true), { prefix: VIEWER_BOARD })
}

/** Without the fonts from elsewhere, which our policy keeps out, in colours that can be read, and with a way back that is there before its scripts are. */
function makeOurs(html: string, queue: string | undefined): string {
  return html
    .replaceAll(/<link[^>]+fonts\.googleapis\.com[^>]*>/g, '')
    .replace('</head>', `${boardStyle}</head>`)
    .replace('<div id="root">', `${wayBack(queue)}<div id="root">`)
}

/** To our page of the queue that somebody came from. */
function wayBack(queue: string | undefined): string {
  const [href, label] = queue ? [`/queue/${queue}`, `Back to ${queue}`] : ['/', 'Back to the console']
  return `<a href="${href}" class="way-back">${label}</a>`
}

function queueIn(url: string, { byName }: OpenQueues): string | undefined {
  const named = /\/queue\/([a-z-]+)/.exec(url)?.[1]
  return [...byName.keys()].find((name) => name === named)
}

function createBoard(path: string, { byName }: OpenQueues, readOnlyMode: boolean): FastifyPluginCallback {
  const serverAdapter = new FastifyAdapter()
  serverAdapter.setBasePath(path)
  createBullBoard({
    queues: [...byName.values()].map((queue) => new BullMQAdapter(queue, { readOnlyMode })),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Switchboard', miscLinks: [{ text: 'Back to the console', url: '/' }] } },
  })
  return failAsPages(serverAdapter.registerPlugin())
}

/** Its scripts read its own words for what went wrong; whoever opens a page of it gets one of ours. */
function failAsPages(board: FastifyPluginCallback): FastifyPluginCallback {
  return (scope, options, done) => {
    const setErrorHandler = (theirs: Parameters<typeof scope.setErrorHandler>[0]) =>
      scope.setErrorHandler(function answer(error, request, reply) {
        if (request.headers.accept?.includes('text/html')) throw error
        return theirs.call(this, error, request, reply)
      })
    board(Object.create(scope, { setErrorHandler: { value: setErrorHandler } }), options, done)
  }
}

/** What becomes of a job may be chosen here, not what it says: who edits or adds one could send anything to anybody. */
const ALLOWED = /\/(?:retry|promote|clean|pause|resume|empty)(?:\/:queueStatus)?$/

async function refuseEditing(request: FastifyRequest): Promise<void> {
  // The route that was found, not the address that was asked for: a job may be called `retry`.
  if (request.method === 'GET' || ALLOWED.test(request.routeOptions.url ?? '')) return
  throw new Refusal(403, 'Not here', 'Jobs are neither added nor edited here.')
}

async function leadViewers(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const isOwnBoard = request.url.startsWith(VIEWER_BOARD) || request.url.startsWith(`${BOARD}/static`)
  if (isOwnBoard || may(sessionOf(request).role, 'operator')) return undefined
  return reply.redirect(request.url.replace(BOARD, VIEWER_BOARD))
}
