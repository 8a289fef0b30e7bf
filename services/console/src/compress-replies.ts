import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const compress = promisify(gzip)
/** Below this it costs more than it saves. */
const WORTH_BYTES = 1_024
const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*json|javascript|manifest\+json)|image\/svg)/

/** Sends texts compressed to whoever takes them so: after all else that happens to them. */
export function compressReplies(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    route.onSend = [...[route.onSend ?? []].flat(), compressPayload]
  })
}

async function compressPayload(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (!mayCompress(request, reply)) return payload
  if (payload instanceof Readable) {
    mark(reply)
    return payload.pipe(createGzip())
  }
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload
  if (payload.length < WORTH_BYTES) return payload
  mark(reply)
  return compress(payload)
}

function mayCompress({ method, headers }: FastifyRequest, reply: FastifyReply): boolean {
  return (
    method === 'GET' &&
    reply.statusCode === 200 &&
    /\bgzip\b/.test(headers['accept-encoding'] ?? '') &&
    // Who makes others ask from elsewhere could learn from the length what a page says.
    headers['sec-fetch-site'] !== 'cross-site' &&
    reply.getHeader('content-encoding') === undefined &&
    COMPRESSIBLE.test(String(reply.getHeader('content-type') ?? ''))
  )
}

function mark(reply: FastifyReply): void {
  void reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding').removeHeader('content-length')
}
