import type { Role } from '@switchboard/contracts'
import type { FastifyInstance, RouteOptions } from 'fastify'

/** The role that a route is for; `stranger`: for whoever is not logged in, too. */
export type Needed = Role | 'stranger'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route that changes something says so; what only reads is for viewers unless it says otherwise. */
    needs?: Needed
  }
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

export function isReading(method: string): boolean {
  return READING.has(method)
}

/**
 * Every route that is registered from now on, each with the role it needs. Asked when all are there; throws if one that changes
 * something does not say for whom it is.
 */
export function listRoutes(app: FastifyInstance): () => string[] {
  const found: RouteOptions[] = []
  app.addHook('onRoute', (route) => void found.push(route))
  return () => found.flatMap(describeRoute)
}

function describeRoute({ method, url, config }: RouteOptions): string[] {
  return [method].flat().map((each) => {
    const needed = config?.needs ?? (isReading(each) ? 'viewer' : undefined)
    if (needed === undefined) throw new Error(`${each} ${url} changes something and does not say which role it needs`)
    return `${each} ${url} ${needed}`
  })
}

/** What whoever makes a request must be. */
export function neededRole({ needs }: { needs?: Needed }): Role {
  // A route behind the login that is open to strangers is open to those who are logged in.
  return needs === undefined || needs === 'stranger' ? 'viewer' : needs
}
