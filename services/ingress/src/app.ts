import rateLimit from '@fastify/rate-limit'
import { redactLinks } from '@switchboard/contracts'
import { fastifyLimits, isTracing, limitConnections } from '@switchboard/runtime'
import type { TrustedProxies } from '@switchboard/runtime'
import { fastify, LogController } from 'fastify'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import helmet from 'helmet'

import { describeApi } from './docs/describe-api.ts'
import { installProblems, isReader } from './problem.ts'
import { requireToken } from './require-token.ts'
import type { RequireTokenDeps } from './require-token.ts'
import { acknowledgeBundleRoutes } from './routes/acknowledge-bundle.ts'
import type { AcknowledgeBundleDeps } from './routes/acknowledge-bundle.ts'
import { acknowledgeRoutes } from './routes/acknowledge.ts'
import type { AcknowledgeDeps } from './routes/acknowledge.ts'
import { alertmanagerRoutes } from './routes/alertmanager.ts'
import { alertRoutes } from './routes/alerts.ts'
import type { AlertRouteDeps } from './routes/alerts.ts'
import { callKeyWebhook } from './routes/call-key.ts'
import type { CallKeyDeps } from './routes/call-key.ts'
import { callRoutes } from './routes/calls.ts'
import type { CallRouteDeps } from './routes/calls.ts'
import { dispatchRoutes } from './routes/dispatch.ts'
import type { DispatchRouteDeps } from './routes/dispatch.ts'
import { echoPresenceRoutes } from './routes/echo-presence.ts'
import type { EchoPresenceDeps } from './routes/echo-presence.ts'
import { failedJobRoutes } from './routes/failed-jobs.ts'
import type { FailedJobRouteDeps } from './routes/failed-jobs.ts'
import { feedRoutes } from './routes/feeds.ts'
import type { FeedRouteDeps } from './routes/feeds.ts'
import { messagesWebhooks } from './routes/messages-webhooks.ts'
import type { MessagesWebhookDeps } from './routes/messages-webhooks.ts'
import { messageRoutes } from './routes/messages.ts'
import type { MessageRouteDeps } from './routes/messages.ts'
import { notificationRoutes } from './routes/notifications.ts'
import type { NotificationRouteDeps } from './routes/notifications.ts'
import { peopleRoutes } from './routes/people.ts'
import type { PeopleRouteDeps } from './routes/people.ts'
import { signupRoutes } from './routes/signup.ts'
import type { SignupRouteDeps } from './routes/signup.ts'
import { smsWebhooks } from './routes/sms-webhooks.ts'
import type { SmsWebhookDeps } from './routes/sms-webhooks.ts'
import { tokenRoutes } from './routes/tokens.ts'
import type { TokenRouteDeps } from './routes/tokens.ts'
import { voiceWebhooks } from './routes/voice.ts'
import type { VoiceWebhookDeps } from './routes/voice.ts'
import { shedLoad } from './shed-load.ts'
import type { ShedLoadDeps } from './shed-load.ts'
import { traceChanges } from './trace-changes.ts'
import type { TraceDeps } from './trace-changes.ts'

const BODY_LIMIT_BYTES = 256 * 1024
const MAX_CONNECTIONS = 4_000

export interface AppDeps
  extends
    MessagesWebhookDeps,
    SmsWebhookDeps,
    VoiceWebhookDeps,
    EchoPresenceDeps,
    FeedRouteDeps,
    CallRouteDeps,
    Omit<CallKeyDeps, 'alerts' | 'calls'>,
    AlertRouteDeps,
    Omit<AcknowledgeDeps, 'callSettings'>,
    Omit<AcknowledgeBundleDeps, 'alerts'>,
    DispatchRouteDeps,
    FailedJobRouteDeps,
    MessageRouteDeps,
    NotificationRouteDeps,
    PeopleRouteDeps,
    SignupRouteDeps,
    TokenRouteDeps,
    RequireTokenDeps,
    TraceDeps,
    ServerDeps {}

export interface ServerDeps extends ShedLoadDeps {
  log: FastifyBaseLogger
  rateLimitPerMinute: number
  trustProxy: TrustedProxies
}

/** What holds for every route: limits, headers, and how a problem is answered. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    // A webhook has one line at most: no number of its own is needed to find its lines.
    childLoggerFactory: (log, bindings, options, { url }) => (isWebhook(url) ? log : log.child(bindings, options)),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: deps.trustProxy,
    ...fastifyLimits,
  })
  limitConnections(app.server, MAX_CONNECTIONS)
  // For whoever wants to know every door there is, and the scope it needs: one line at the start.
  const routes: string[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    routes.push(...[method].flat().map((each) => `${each} ${url} ${config?.scope ?? ''}`.trimEnd()))
  })
  app.addHook('onReady', async () => deps.log.debug({ routes }, 'ingress.routes'))
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  installProblems(app)
  await shedLoad(app, deps)
  if (isTracing()) (await import('./trace-requests.ts')).traceRequests(app)
  // Made once: @fastify/helmet would build all headers anew for every request.
  const setHeaders = helmet({
    // TLS ends at the proxy in front of us; on a plain address these two would lead people to one that is not there.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    strictTransportSecurity: false,
  })
  app.addHook('onRequest', (request, reply, done) => {
    // They are for browsers; and making them costs more than looking at a webhook does.
    if (isWebhook(request.url) && !isReader(request)) done()
    else setHeaders(request.raw, reply.raw, () => done())
  })
  await app.register(rateLimit, { max: deps.rateLimitPerMinute, timeWindow: 60_000 })
  return app
}

function isWebhook(url = ''): boolean {
  return url.startsWith('/webhooks/')
}

/** The whole HTTP surface, apart from the process that serves it. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = await createServer(deps)
  await describeApi(app)

  await app.register(async (scope) => messagesWebhooks(scope, deps))
  await app.register(async (scope) => smsWebhooks(scope, deps))
  await app.register(async (scope) => voiceWebhooks(scope, deps))
  await app.register(async (scope) => callKeyWebhook(scope, deps))
  await app.register(async (scope) => echoPresenceRoutes(scope, deps))
  await app.register(async (scope) => acknowledgeRoutes(scope, deps))
  await app.register(async (scope) => acknowledgeBundleRoutes(scope, deps))
  await app.register(async (scope) => signupRoutes(scope, deps))
  await app.register(async (scope) => dispatchRoutes(scope, deps))
  await app.register(async (scope) => {
    requireToken(scope, deps)
    traceChanges(scope, deps)
    scope.addHook('onSend', async (_request, _reply, payload) =>
      typeof payload === 'string' ? redactLinks(payload) : payload,
    )
    alertRoutes(scope, deps)
    alertmanagerRoutes(scope, deps)
    feedRoutes(scope, deps)
    callRoutes(scope, deps)
    messageRoutes(scope, deps)
    notificationRoutes(scope, deps)
    peopleRoutes(scope, deps)
    failedJobRoutes(scope, deps)
    tokenRoutes(scope, deps)
  })
  return app
}
