import type { IncomingMessage, Server } from 'node:http'

/** From the first byte of a request to the end of its headers, and of its body. */
const HEADERS_WITHIN_MS = 10_000
const REQUEST_WITHIN_MS = 15_000
/** A connection on which nothing at all happens. Streams of pages say something every 20 s. */
const SILENT_FOR_MS = 60_000
const LOOK_EVERY_MS = 1_000

/** For `http.createServer`: nobody keeps a connection by being slow. */
export const httpLimits = {
  headersTimeout: HEADERS_WITHIN_MS,
  requestTimeout: REQUEST_WITHIN_MS,
  connectionsCheckingInterval: LOOK_EVERY_MS,
}

/**
 * The target of a request as a path with a query, for who matches it and for who looks at it: a `#` begins nothing here, as
 * little as in RFC 9112, and what names this server as well (as a proxy is asked) loses that.
 */
function plainTarget({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const target = url.replace(/^https?:\/\/[^/?]*/i, '').replaceAll('#', '%23')
  return target === '' || target.startsWith('?') ? `/${target}` : target
}

/** The same for Fastify. */
export const fastifyLimits = {
  rewriteUrl: plainTarget,
  requestTimeout: REQUEST_WITHIN_MS,
  connectionTimeout: SILENT_FOR_MS,
  http: { headersTimeout: HEADERS_WITHIN_MS, connectionsCheckingInterval: LOOK_EVERY_MS },
}

/** What comes beyond so many connections is closed at once. */
export function limitConnections(server: Pick<Server, 'maxConnections'>, max: number): void {
  server.maxConnections = max
}
