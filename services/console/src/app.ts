import { join } from 'node:path'
import { parse } from 'node:querystring'

import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import statics from '@fastify/static'
import { redactLinks } from '@switchboard/contracts'
import { asTyped, fastifyLimits, limitConnections } from '@switchboard/runtime'
import type { TrustedProxies } from '@switchboard/runtime'
import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import helmet from 'helmet'

import { createNamedAdminLook } from './accounts/named-admin.ts'
import type { NamedAdminDeps } from './accounts/named-admin.ts'
import { answerError } from './answer-error.ts'
import { loginRoutes } from './auth/login-routes.ts'
import type { LoginDeps } from './auth/login-routes.ts'
import { listRoutes } from './auth/needed-role.ts'
import { createRequireForm, createRequireSession, requireRole } from './auth/require-session.ts'
import { ticketRoutes } from './auth/ticket-routes.ts'
import type { TicketDeps } from './auth/ticket-routes.ts'
import { registerBoard } from './board.ts'
import type { BoardDeps } from './board.ts'
import { compressReplies } from './compress-replies.ts'
import { createHeldLook } from './held-senders.ts'
import type { HeldDeps } from './held-senders.ts'
import { createLive } from './live.ts'
import type { LiveDeps } from './live.ts'
import { Refusal } from './refusal.ts'
import { createPages } from './render.ts'
import { registerRoutes } from './routes/register.ts'
import type { RouteDeps } from './routes/route-deps.ts'

export type AppDeps = Omit<LoginDeps, 'pages'> &
  TicketDeps &
  BoardDeps &
  HeldDeps &
  NamedAdminDeps &
  Omit<RouteDeps, 'pages' | 'live'> & {
    readNews: LiveDeps['readNews']
    log: FastifyBaseLogger
    trustProxy: TrustedProxies
  }

/** Pages that are open, each with its stream, and what loads. */
const MAX_CONNECTIONS = 500

const PUBLIC = join(import.meta.dirname, '..', 'public')

/** The console, apart from the process that serves it. Only the login page and its style are for everybody. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: deps.trustProxy,
    ...fastifyLimits,
    // Open streams would keep a process that is told to stop from stopping.
    forceCloseConnections: true,
  })
  limitConnections(app.server, MAX_CONNECTIONS)
  // For whoever wants to know every door there is: one line at the start.
  const routes = listRoutes(app)
  app.addHook('onReady', async () => deps.log.debug({ routes: routes() }, 'console.routes'))
  compressReplies(app)
  const pages = createPages(deps.now, (ids) => deps.stores.personNames.getAll(ids))
  const requireSession = createRequireSession(deps.sessions)
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, pages))
  app.setNotFoundHandler({ preHandler: requireSession }, (request) => {
    throw new Refusal(404, 'Not here', `There is no page ${request.url.split('?')[0]}.`)
  })
  app.addHook('onSend', async (_request, reply, payload) => {
    void reply.header('server-timing', `app;dur=${reply.elapsedTime.toFixed(1)}`)
    // Pages, exports, answers of Bull Board: links that act are for their recipients.
    return typeof payload === 'string' ? redactLinks(payload) : payload
  })
  await app.register(cookie)
  await app.register(formbody, { parser: (body) => parse(asTyped(body), undefined, undefined, { maxKeys: 0 }) })
  const setHeaders = createHeaders()
  app.addHook('onRequest', (request, reply, done) => setHeaders(request.raw, reply.raw, () => done()))
  await app.register(statics, { root: PUBLIC, prefix: '/assets/', maxAge: '1h' })
  await app.register(async (scope) => loginRoutes(scope, { ...deps, pages }))
  await app.register(async (scope) => ticketRoutes(scope, deps))
  await app.register(async (scope) => {
    scope.addHook('onRequest', requireSession)
    scope.addHook('onRequest', requireRole)
    scope.addHook('preHandler', createRequireForm(deps.sessions))
    scope.addHook('preHandler', createHeldLook(deps))
    scope.addHook('preHandler', createNamedAdminLook(deps))
    registerRoutes(scope, {
      ...deps,
      pages,
      live: createLive({ ...deps, pages }),
    })
  })
  await app.register(async (scope) => {
    scope.addHook('onRequest', requireSession)
    await registerBoard(scope, deps)
  })
  return app
}

/** What browsers are told to forbid. */
function createHeaders(): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
      },
    },
    // With the default, `no-referrer`, browsers say `Origin: null` in our own forms.
    referrerPolicy: { policy: 'same-origin' },
    // TLS ends at the proxy in front of us.
    strictTransportSecurity: false,
  })
}
