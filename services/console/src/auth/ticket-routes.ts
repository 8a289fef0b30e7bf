import rateLimit from '@fastify/rate-limit'
import { isLoopbackHost } from '@switchboard/runtime'
import type { UsedTickets } from '@switchboard/store'
import { verifyToken } from '@switchboard/tokens'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { readInput } from '../read-input.ts'
import { Refusal } from '../refusal.ts'
import type { Trail } from '../trail.ts'
import { safeTarget } from './safe-target.ts'
import { startSession } from './start-session.ts'
import type { StartSessionDeps } from './start-session.ts'

export interface TicketDeps extends StartSessionDeps {
  /** Shared with the simulator; undefined: there are no tickets. */
  ticketSecret: string | undefined
  usedTickets: UsedTickets
  trail: Trail
  loginAttempts: number
}

/** Who came from the simulator's page, in the audit trail. */
const VISITOR = 'Try it'

const query = z.object({ ticket: z.string().max(1_000), to: z.string().max(500).default('/') })

/**
 * Lets a browser in that the simulator sends: with a ticket that is good once, for half a minute, and under the one name
 * of this machine that it was made for. There is no such way in with a real account.
 */
export async function ticketRoutes(app: FastifyInstance, deps: TicketDeps): Promise<void> {
  const { ticketSecret, trail, now } = deps
  if (ticketSecret === undefined) return
  await app.register(rateLimit, {
    max: deps.loginAttempts,
    timeWindow: 300_000,
    errorResponseBuilder: () => new Refusal(429, 'Too many tries', 'Wait five minutes, then try again.'),
  })
  app.get('/ticket', async (request, reply) => {
    const { ticket, to } = readInput(query, request.query)
    if (!(await admits(request, ticket, ticketSecret, deps))) {
      request.log.warn({ ip: request.ip }, 'ticket.refused')
      throw new Refusal(403, 'This way in is over', 'Press the button on the simulator’s page again, or log in.')
    }
    await startSession(request, reply, { kind: 'shared', role: 'admin', name: VISITOR }, deps)
    await trail.add({ at: now(), who: VISITOR, kind: 'somebody', action: 'login', target: 'ticket' })
    request.log.info({ role: 'admin' }, 'ticket.accepted')
    return reply
      .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      .redirect(safeTarget(to), 303)
  })
}

async function admits(
  { headers: { host } }: FastifyRequest,
  ticket: string,
  secret: string,
  { usedTickets, now }: Pick<TicketDeps, 'usedTickets' | 'now'>,
): Promise<boolean> {
  if (!isLoopbackHost(host)) return false
  const check = await verifyToken(secret, { purpose: 'ticket', token: ticket, now: now() })
  return check.kind === 'valid' && check.subject === host && usedTickets.use(check.id, check.expiresAt)
}
