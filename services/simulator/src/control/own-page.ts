import { isIP } from 'node:net'

import type { FastifyRequest } from 'fastify'

import { ControlError } from './route.ts'

/**
 * Pages of other sites must not drive the simulator of whoever visits them. Also not those whose name was made to lead
 * here (DNS rebinding): to drive it from a browser, it must be called by an address or by a name without a dot.
 */
export function requireOwnPage({ headers, method }: Pick<FastifyRequest, 'headers' | 'method'>): void {
  const { origin, host } = headers
  // A page reads from its own site without saying so.
  if (!isNobodysName(URL.parse(`http://${host}`)?.hostname ?? '.')) {
    throw new ControlError(403, 'Call the simulator by an address, or by a name without a dot')
  }
  // A link from elsewhere leads to the page; what a page elsewhere asks for is not answered, also where it could not be read.
  const site = headers['sec-fetch-site']
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate'
  if ((site === 'cross-site' || site === 'same-site') && !isLink) {
    throw new ControlError(403, "Only the simulator's own page may do this from a browser")
  }
  if (origin === undefined) return
  const page = URL.parse(origin)
  if (!page || page.host !== host || !isNobodysName(page.hostname)) {
    throw new ControlError(403, "Only the simulator's own page may do this from a browser")
  }
}

function isNobodysName(name: string): boolean {
  return !name.includes('.') || isIP(name.replace(/^\[|\]$/g, '')) > 0
}
