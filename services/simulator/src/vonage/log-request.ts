import type { FastifyRequest } from 'fastify'

import type { RequestLog } from '../request-log.ts'
import type { ApiRequest } from './endpoint.ts'
import type { Answer } from './problem.ts'

export interface Outcome {
  startedAt: number
  /** The connection broke: the application has no answer. */
  isLost: boolean
  faults: string[]
}

type Logged = Omit<Parameters<RequestLog['add']>[0], 'kind' | 'attempts' | 'state'>

/** A request that one of Vonage's endpoints has answered. */
export function logRequest(
  log: Pick<RequestLog, 'add'>,
  raw: FastifyRequest,
  { identity, rawBody }: ApiRequest,
  answer: Answer,
  outcome: Outcome,
): void {
  const logged = {
    ...partsOf(raw, answer),
    body: rawBody,
    verdict: identity.kind === 'nobody' ? `refused: ${identity.reason}` : `verified (${identity.kind})`,
    isVerified: identity.kind !== 'nobody' || answer.status < 400,
    faults: outcome.faults,
    status: outcome.isLost ? null : answer.status,
  }
  add(log, logged, outcome.startedAt)
}

/** A request that none of them takes. */
export function logUnknown(log: Pick<RequestLog, 'add'>, raw: FastifyRequest, answer: Answer, verdict: string): void {
  const body = typeof raw.body === 'string' ? raw.body : ''
  add(log, { ...partsOf(raw, answer), body, verdict, isVerified: false, faults: [] }, Date.now())
}

function add(log: Pick<RequestLog, 'add'>, logged: Logged, startedAt: number): void {
  const attempt = { at: new Date(startedAt).toISOString(), status: logged.status, tookMs: Date.now() - startedAt }
  log.add({ ...logged, kind: 'request', attempts: [attempt], state: 'done' })
}

function partsOf(raw: FastifyRequest, answer: Answer) {
  return {
    method: raw.method,
    url: raw.url,
    headers: strings(raw.headers),
    about: answer.about ?? [],
    status: answer.status,
    answer: answer.body === null ? '' : JSON.stringify(answer.body),
  }
}

export function strings(record: object | null): Record<string, string> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, String(value)]))
}
