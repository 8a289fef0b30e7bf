import { gzipSync } from 'node:zlib'

import type { FastifyInstance } from 'fastify'

import { docsPage } from './docs-page.ts'

/** The page is made once, by whoever asks for it first. */
export function docsRoute(app: FastifyInstance): void {
  let made: { html: string; compressed: Buffer } | undefined
  app.get('/docs', { schema: { hide: true } }, (request, reply) => {
    if (!made) {
      const html = docsPage(app.swagger())
      made = { html, compressed: gzipSync(html) }
    }
    const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
    void reply.type('text/html; charset=utf-8').header('vary', 'accept-encoding')
    return takesGzip ? reply.header('content-encoding', 'gzip').send(made.compressed) : reply.send(made.html)
  })
}
