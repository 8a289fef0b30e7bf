import { channel } from '@switchboard/contracts'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { queuesOf, viewHeld } from '../held-senders.ts'
import { readInput } from '../read-input.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

/** A page of ours. */
const ownPath = z
  .string()
  .regex(/^\/(?!\/)/)
  .catch('/')

const openForm = z.object({
  channel,
  sender: z.string().min(1).max(50),
  /** The page it was opened on. */
  back: ownPath,
})

/**
 * Every page asks again and again which senders are held. One is opened by hand: what waits goes out at once, and shows
 * whether Vonage takes it.
 */
export function senderRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.get('/held', async (request, reply) => {
    const { at: url } = readInput(z.object({ at: ownPath }), request.query)
    const html = deps.pages.fragment(request, 'held-senders', { held: await viewHeld(deps), url })
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
  })
  app.post('/senders/open', { config: { needs: 'operator' } }, async (request, reply) => {
    const { channel: on, sender, back } = readInput(openForm, request.body)
    await trace(request, deps, { action: 'sender.open', target: `${on} ${sender}` })
    await deps.stores.senders.open({ channel: on, sender })
    await Promise.all(queuesOf(on).map(deps.wake))
    return reply.redirect(back, 303)
  })
}
