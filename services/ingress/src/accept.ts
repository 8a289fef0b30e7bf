import { newId } from '@switchboard/contracts'
import type { Enqueue, UnrecognisedWebhook } from '@switchboard/contracts'
import type { Parsed } from '@switchboard/vonage'
import type { FastifyReply, FastifyRequest } from 'fastify'

import { unavailable } from './problem.ts'
import { rawBody } from './webhook-body.ts'

export interface AcceptDeps {
  unrecognised: Enqueue<UnrecognisedWebhook>
  now: () => number
  count: (route: string, outcome: string) => void
}

/** Answers 200 only after Redis has the webhook, whatever it turned out to be. */
export async function accept<Payload>(
  request: FastifyRequest,
  reply: FastifyReply,
  parsed: Parsed<Payload>,
  target: Enqueue<Payload>,
  deps: AcceptDeps,
): Promise<FastifyReply> {
  await keep(request, parsed, target, deps)
  return reply.code(200).send()
}

/** The same without the answer. Throws a Problem (503) when Redis does not take it. */
export async function keep<Payload>(
  request: FastifyRequest,
  parsed: Parsed<Payload>,
  target: Enqueue<Payload>,
  { unrecognised, now, count }: AcceptDeps,
): Promise<void> {
  const route = request.routeOptions.url ?? ''
  switch (parsed.kind) {
    case 'parsed':
      await store(() => target.enqueue(parsed.value))
      break
    case 'unrecognised':
      await store(() => unrecognised.enqueue(describe(request, route, parsed.problem, now())))
      request.log.warn({ route, problem: parsed.problem }, 'webhook.unrecognised')
      break
    case 'ignored':
      request.log.info({ route, reason: parsed.reason }, 'webhook.ignored')
      break
  }
  count(route, parsed.kind)
}

async function store(enqueue: () => Promise<void>): Promise<void> {
  try {
    await enqueue()
  } catch (error) {
    throw unavailable(error)
  }
}

function describe(request: FastifyRequest, route: string, problem: string, receivedAt: number): UnrecognisedWebhook {
  return {
    id: newId('webhook'),
    route,
    method: request.method,
    contentType: request.headers['content-type'] ?? '',
    body: rawBody(request).toString('utf8') || (request.url.split('?')[1] ?? ''),
    problem,
    receivedAt,
  }
}
