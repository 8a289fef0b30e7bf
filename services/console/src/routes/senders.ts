import { channel } from '@switchboard/contracts'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { queuesOf } from '../held-senders.ts'
import { readInput } from '../read-input.ts'
import { trace } from './route-deps.ts'
import type { RouteDeps } from './route-deps.ts'

const openForm = z.object({
  channel,
  sender: z.string().min(1).max(50),
  /** The page it was opened on. */
  back: z
    .string()
    .regex(/^\/(?!\/)/)
    .catch('/'),
})

/** Opens a held sender by hand: what waits goes out at once, and shows whether Vonage takes it. */
export function senderRoutes(app: FastifyInstance, deps: RouteDeps): void {
  app.post('/senders/open', { config: { needs: 'operator' } }, async (request, reply) => {
    const { channel: on, sender, back } = readInput(openForm, request.body)
    await trace(request, deps, { action: 'sender.open', target: `${on} ${sender}` })
    await deps.stores.senders.open({ channel: on, sender })
    await Promise.all(queuesOf(on).map(deps.wake))
    return reply.redirect(back, 303)
  })
}
