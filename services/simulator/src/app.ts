import formbody from '@fastify/formbody'
import { fastifyLimits, limitConnections } from '@switchboard/runtime'
import Fastify, { type FastifyInstance } from 'fastify'

import { accountRoutes } from './control/account-routes.ts'
import { callRoutes } from './control/call-routes.ts'
import { phoneRoutes } from './control/phone-routes.ts'
import { describeControl, registerControl } from './control/register.ts'
import { scenarioRoutes } from './control/scenario-routes.ts'
import { dispatchEndpoints } from './dispatch/endpoints.ts'
import { createDispatchWorkflows } from './dispatch/workflows.ts'
import { messagesEndpoints } from './messages/endpoints.ts'
import { registerPage } from './page/register.ts'
import { smsEndpoints } from './sms/send.ts'
import { registerTry, type TryOptions } from './try/register.ts'
import { createCalls, type Calls } from './voice/calls.ts'
import { voiceEndpoints } from './voice/endpoints.ts'
import { createAuthenticator } from './vonage/authenticate.ts'
import { registerEndpoints } from './vonage/endpoint.ts'
import { createRateLimit } from './vonage/rate-limit.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

const MAX_CONNECTIONS = 2_000

export interface Simulator {
  app: FastifyInstance
  world: World
  calls: Calls
}

export interface SimulatorOptions extends WorldOptions {
  /** The application is a Switchboard: the page has a panel that tries it. */
  tries?: TryOptions | undefined
}

/** The simulator without a port: `app.listen` or `app.inject`; closing the app ends everything it started. */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = createWorld(options)
  const app = Fastify({ logger: false, forceCloseConnections: true, ...fastifyLimits })
  limitConnections(app.server, MAX_CONNECTIONS)
  const endpointDeps = {
    ...world,
    authenticator: createAuthenticator(world.credentials),
    rateLimit: createRateLimit(() => world.account.settings().ratePerSecond),
  }
  const workflows = createDispatchWorkflows(world)
  world.onReset(() => workflows.reset())
  const typing: Parameters<typeof messagesEndpoints>[0]['typing'] = ({ id, channel, address }) =>
    world.feed.publish('typing', id, () => ({ channel, address }))
  const calls = createCalls(world)
  world.onReset(() => calls.reset())
  const ownNumber = () => world.account.settings().senders.sms
  const endpoints = [
    ...messagesEndpoints({ ...world, typing }),
    ...dispatchEndpoints({ ...world, workflows }),
    ...smsEndpoints(world),
    ...voiceEndpoints({ ...world, calls, ownNumber }),
  ]
  const routes = [...phoneRoutes(world), ...accountRoutes(world), ...scenarioRoutes(world), ...callRoutes(world, calls)]

  await app.register(formbody)
  await registerEndpoints(app, endpoints, endpointDeps)
  await registerControl(app, routes)
  const ofTries = options.tries ? await registerTry(app, options.tries) : []
  const description = describeControl([...routes, ...ofTries])
  for (const path of ['/openapi.json', '/control/openapi.json']) app.get(path, async () => description)
  await registerPage(app, world, calls, { canTry: options.tries !== undefined })
  app.addHook('onListen', async () => world.self.listens(app.listeningOrigin))
  app.addHook('onClose', async () => {
    await calls.close()
    await world.close()
  })
  return { app, world, calls }
}
