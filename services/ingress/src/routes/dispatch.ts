import { randomUUID } from 'node:crypto'

import { derivedId } from '@switchboard/contracts'
import type { AlertPlan, AlertRequest, AuditEntry, Enqueue } from '@switchboard/contracts'
import { credentialsProblem, dispatchProblem, dispatchWorkflow } from '@switchboard/vonage'
import type { ReceivedStep, Verdict } from '@switchboard/vonage'
import type { FastifyInstance, FastifyReply } from 'fastify'

import { once } from '../idempotent.ts'
import { enqueueOrUnavailable } from '../problem.ts'
import type { AlertRouteDeps } from './alerts.ts'

export interface DispatchRouteDeps extends Pick<AlertRouteDeps, 'alertRequests' | 'idempotency' | 'now'> {
  trail: Enqueue<AuditEntry>
  /** Checks a caller as Vonage checks its own: application JWT or Basic. */
  verifyCaller: (authorization: string | undefined) => Promise<Verdict>
  /** Where statuses and the final report of a workflow go, and what people reply; undefined: nowhere. */
  dispatchUrls: { statusUrl?: string | undefined; inboundUrl?: string | undefined }
}

/** Dispatch names no wait for the last message; without a receipt the workflow is given up after this. */
const FINAL_WAIT_SECONDS = 600

/**
 * A Dispatch that goes on where Vonage's is closed to new accounts: the same request, the same answers, the same
 * webhooks, walked by our own engine over the Messages API. Both spellings of the path are documented.
 */
export function dispatchRoutes(app: FastifyInstance, deps: DispatchRouteDeps): void {
  for (const url of ['/v0.1/dispatch', '/v0.1/dispatch/']) {
    app.post(url, { schema: { hide: true } }, async (request, reply) => {
      const instance = randomUUID()
      const verdict = await deps.verifyCaller(request.headers.authorization)
      if (verdict.kind !== 'verified') return sendProblem(reply, 401, credentialsProblem(instance))
      const parsed = dispatchWorkflow.safeParse(request.body)
      if (!parsed.success) return sendProblem(reply, 400, dispatchProblem(parsed.error, instance))
      const { steps } = parsed.data
      const { idempotency } = deps
      const dispatchUuid = await once(
        request,
        { by: 'Dispatch', scope: 'dispatch', id: randomUUID(), idempotency },
        async (uuid) => {
          await enqueueOrUnavailable(deps.trail, entryOf(uuid, deps.now()))
          await enqueueOrUnavailable(deps.alertRequests, toRequest(steps, uuid, deps))
        },
      )
      return reply.code(202).send({ dispatch_uuid: dispatchUuid })
    })
  }
}

function toRequest(steps: ReceivedStep[], uuid: string, { now, dispatchUrls }: DispatchRouteDeps): AlertRequest {
  return {
    id: alertIdOf(uuid),
    text: steps[0]?.text || 'Dispatch workflow',
    plan: planOfSteps(steps),
    createdAt: now(),
    dispatch: { uuid, ...dispatchUrls },
  }
}

/** Whoever has the keys of the application: they name nobody. */
function entryOf(uuid: string, at: number): AuditEntry {
  const target = alertIdOf(uuid)
  const who = { kind: 'token', who: 'Dispatch', via: 'api' } as const
  return { ...who, id: derivedId('start', target), at, action: 'alert.start', target }
}

/** Follows from the uuid, shorter: a request that is sent again is the same alert. */
function alertIdOf(uuid: string): string {
  return `alert-${Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url')}`
}

function planOfSteps(steps: ReceivedStep[]): AlertPlan {
  return {
    users: [
      {
        name: 'recipient',
        channels: steps.map(({ expirySeconds, condition, ...step }) => ({
          ...step,
          expirySeconds: expirySeconds ?? FINAL_WAIT_SECONDS,
          condition: condition ?? 'delivered',
        })),
        finalWaitSeconds: FINAL_WAIT_SECONDS,
      },
    ],
    repeat: 0,
    announce: false,
    engine: 'local',
  }
}

function sendProblem(reply: FastifyReply, status: number, problem: object): FastifyReply {
  return reply.code(status).type('application/json').send(problem)
}
