import type { Idempotency } from '@switchboard/store'
import type { FastifyRequest } from 'fastify'

import { orUnavailable, Problem } from './problem.ts'

export interface Once {
  /** Whose request it is: a key of somebody else is another key, whatever it says. */
  by: string
  /** What the key stands for, the path included: two endpoints may be sent the same key. */
  scope: string
  /** The id that the request gets unless it was made before. */
  id: string
  idempotency: Pick<Idempotency, 'claim' | 'settle'>
}

/**
 * Does what a request asks for, once: a request of the same caller that comes again within a day with the same `Idempotency-Key` gets the id
 * of then, and `act` is run again only if it was interrupted (its effects follow from the id). Without a key every request
 * is another one. Resolves to the id. Throws a Problem: 422 when the key was used for another request, 503 when Redis is
 * away.
 */
export async function once(
  request: FastifyRequest,
  { by, scope, id: proposed, idempotency }: Once,
  act: (id: string) => Promise<void>,
): Promise<string> {
  const key = readKey(request)
  if (key === undefined) {
    await act(proposed)
    return proposed
  }
  const claimed = { by, key: `${scope}:${key}` }
  const outcome = await orUnavailable(idempotency.claim(claimed, request.body ?? null, proposed))
  if (outcome.kind === 'conflict') {
    throw new Problem(422, 'Not valid', 'Idempotency-Key: was used for a different request within the last day')
  }
  const id = outcome.kind === 'repeated' ? outcome.id : proposed
  if (outcome.kind === 'repeated' && outcome.isSettled) return id
  await act(id)
  await orUnavailable(idempotency.settle(claimed))
  return id
}

const MAX_KEY_LENGTH = 255

function readKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return undefined
  if (key.length <= MAX_KEY_LENGTH) return key
  throw new Problem(422, 'Not valid', `Idempotency-Key: must have at most ${MAX_KEY_LENGTH} characters`)
}
