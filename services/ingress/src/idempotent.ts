import type { Idempotency } from '@switchboard/store'
import type { FastifyRequest } from 'fastify'

import { Problem, unavailable } from './problem.ts'

/**
 * The id a request gets: with an `Idempotency-Key` that was used for the same request before, the id of then. The
 * request is enqueued under it either way: a job with a known id is not added again. Throws a Problem (422) when the
 * key was used for another request.
 */
export async function idempotentId(
  request: FastifyRequest,
  scope: string,
  newId: string,
  idempotency: Pick<Idempotency, 'claim'>,
): Promise<string> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return newId
  if (key.length > 255) throw new Problem(422, 'Not valid', 'Idempotency-Key: must have at most 255 characters')
  const outcome = await idempotency.claim(`${scope}:${key}`, request.body, newId).catch((error: unknown) => {
    throw unavailable(error)
  })
  if (outcome.kind === 'conflict') {
    throw new Problem(422, 'Not valid', 'Idempotency-Key: was used for a different request within the last day')
  }
  return outcome.kind === 'repeated' ? outcome.id : newId
}
