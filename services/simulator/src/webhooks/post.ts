import { Agent, request } from 'undici'

import type { Attempt } from '../request-log.ts'
import type { ComposedRequest } from './compose.ts'

export interface HttpTimeouts {
  connectMs: number
  responseMs: number
}

export interface HttpClient {
  /** Never throws: a failed connection is an attempt without a status. */
  post(composed: ComposedRequest): Promise<Attempt>
  close(): Promise<void>
}

const KEPT_ANSWER = 100_000

/** 3 s to connect and 15 s to answer, as Vonage gives an application. */
export function createHttpClient(timeouts: HttpTimeouts = { connectMs: 3_000, responseMs: 15_000 }): HttpClient {
  const agent = new Agent({
    connections: 64,
    connect: { timeout: timeouts.connectMs },
    headersTimeout: timeouts.responseMs,
    bodyTimeout: timeouts.responseMs,
  })
  return {
    async post({ method, url, headers, body }) {
      const startedAt = Date.now()
      const at = new Date(startedAt).toISOString()
      try {
        const payload = method === 'GET' ? {} : { body }
        const answer = await request(url, { dispatcher: agent, method, headers, ...payload })
        const text = await answer.body.text()
        return { at, status: answer.statusCode, tookMs: Date.now() - startedAt, answer: text.slice(0, KEPT_ANSWER) }
      } catch (error) {
        return { at, status: null, error: reasonOf(error), tookMs: Date.now() - startedAt }
      }
    },
    close: () => agent.destroy(),
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return error.message === '' ? code : `${code}: ${error.message}`
}
