import { isLoopbackHost } from '@switchboard/runtime'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { requireOwnPage } from '../control/own-page.ts'
import { registerControl } from '../control/register.ts'
import { ControlError, type ControlRoute } from '../control/route.ts'
import { consoleAddress, type ConsoleAddress } from './console-ticket.ts'
import { createSwitchboard, type SwitchboardAddress } from './switchboard.ts'
import { tryRoutes } from './try-routes.ts'

/** Present where the application is a Switchboard: what the panel "Try it" needs of it. */
export type TryOptions = SwitchboardAddress & ConsoleAddress

const form = z.object({ to: z.enum(['/', '/queues/', '/alerts?show=all']).default('/') })

/** What only somebody at this machine may do: it spends a token of the API and opens the console. Returns its routes. */
export async function registerTry(app: FastifyInstance, options: TryOptions): Promise<ControlRoute[]> {
  const routes = tryRoutes(createSwitchboard(options))
  await registerControl(app, routes, requireThisMachine)
  // A form and a redirect: a new tab that a script opens after an answer would be blocked.
  app.post('/try/console', async (request, reply) => {
    try {
      requireThisMachine(request)
      requireOwnPage(request)
    } catch (error) {
      return reply.code(403).send({ title: error instanceof Error ? error.message : '' })
    }
    const { to } = form.catch({ to: '/' }).parse(request.body)
    const address = await consoleAddress(options, to)
    return reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).redirect(address, 303)
  })
  return routes
}

function requireThisMachine({ headers }: Pick<FastifyRequest, 'headers'>): void {
  if (!isLoopbackHost(headers.host)) throw new ControlError(403, 'Only under localhost may this be done')
}
