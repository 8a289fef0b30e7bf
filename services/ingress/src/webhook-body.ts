import { decodeParameters } from '@switchboard/vonage'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { Problem } from './problem.ts'

/**
 * Webhook routes receive bytes: signatures are over what was sent, not over what a parser made of it. Call it on an
 * encapsulated instance.
 */
export function receiveBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

export function rawBody(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
}

/** The parameters of a webhook, wherever Vonage was told to put them: query, form or JSON. Throws a Problem (400). */
export function decodeBody(request: FastifyRequest): unknown {
  const text = rawBody(request).toString('utf8')
  if (text === '') return request.query
  try {
    return decodeParameters(text, request.headers['content-type'] ?? '')
  } catch {
    throw new Problem(400, 'Not JSON', 'The body is not valid JSON.')
  }
}
