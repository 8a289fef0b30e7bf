import { cutEntry, derivedId, endOfAddress, newId } from '@switchboard/contracts'
import type { AuditEntry, Enqueue } from '@switchboard/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { orUnavailable } from './problem.ts'
import { callerOf } from './require-token.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the audit trail calls it: `alert.cancel`. Every route of the API that changes something says so. */
    does?: string
    /** Programs do it all day: one entry for each token and hour, which names the first. */
    isFrequent?: boolean
  }
}

export interface TraceDeps {
  trail: Enqueue<AuditEntry>
  now: () => number
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])
const HOUR_MS = 3_600_000

/**
 * Writes into the audit trail what each request of this scope has changed, before it is answered: who has an answer finds it
 * there. A route that changes something and does not say what it does is an error.
 */
export function traceChanges(app: FastifyInstance, { trail, now }: TraceDeps): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    const isReading = [method].flat().every((each) => READING.has(each))
    if (!isReading && config?.does === undefined) throw new Error(`${String(method)} ${url} does not say what it does`)
  })
  const hourOf = new Map<string, string>()

  app.addHook('preSerialization', async (request, reply, payload) => {
    const entry = reply.statusCode < 400 ? entryOf(request, payload, now()) : undefined
    if (!entry) return payload
    const { isFrequent } = request.routeOptions.config
    const kind = `${entry.who} ${entry.action}`
    if (isFrequent && hourOf.get(kind) === entry.id) return payload
    await orUnavailable(trail.enqueue(entry))
    if (isFrequent) hourOf.set(kind, entry.id)
    return payload
  })
}

/** What the answers to requests that change something have in common. */
const answered = z.object({
  id: z.string().nullish(),
  name: z.string().optional(),
  queue: z.string().optional(),
  outcome: z.string().nullish(),
})
const said = z.object({ by: z.string().optional() }).catch({})
const about = z.object({ address: z.string().optional() }).catch({})

/** Undefined: nothing was changed. */
function entryOf(request: FastifyRequest, payload: unknown, at: number): AuditEntry | undefined {
  const { does, isFrequent } = request.routeOptions.config
  const { id, name, queue, outcome } = answered.parse(payload)
  const target = id ?? name
  if (does === undefined || typeof target !== 'string') return undefined
  const { name: who } = callerOf(request)
  const { by } = said.parse(request.body)
  const { address } = about.parse(request.params)
  const details = [queue, by && `as ${by}`, address && endOfAddress(address), outcome].filter(Boolean)
  const entryId = isFrequent ? derivedId('api', who, does, Math.floor(at / HOUR_MS)) : idOf(request, who)
  const detail = details.length > 0 ? { detail: details.join(', ') } : {}
  return cutEntry({ id: entryId, at, kind: 'token', who, via: 'api', action: does, target, ...detail })
}

/** A request that is repeated under its key is the same act. */
function idOf({ method, url, headers }: FastifyRequest, who: string): string {
  const key = headers['idempotency-key']
  return typeof key === 'string' && key !== '' ? derivedId('api', who, method, url, key) : newId('api')
}
