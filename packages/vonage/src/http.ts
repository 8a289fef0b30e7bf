import type { Pool } from 'undici'

import { NotAcceptedError } from './outcome.ts'

interface HttpRequest {
  method: 'POST' | 'PUT'
  url: URL
  headers: Record<string, string>
  body: string
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** Undefined when the connection broke before its end. */
  body: string | undefined
}

/** One keep-alive pool per origin. */
export interface Http extends AsyncDisposable {
  /**
   * Resolves with any answer whose status arrived. Throws NotAcceptedError otherwise: `later` while nothing was written,
   * `unknown` from the first byte on.
   */
  request(request: HttpRequest): Promise<HttpAnswer>
}

const CONNECTIONS = 50
const MAX_ANSWER_BYTES = 1024 * 1024

/**
 * `timeoutMs`: for the answer to begin. Reaching the other side and the rest of the answer have half of it each, so that a
 * request never takes longer than twice that, and a service that stops need not be killed in the middle of one.
 */
export function createHttp({ timeoutMs }: { timeoutMs: number }): Http {
  const pools = new Map<string, Pool>()
  return {
    request: async (request) => {
      const { origin } = request.url
      return exchange(pools.get(origin) ?? (await openPool(origin)), request, timeoutMs)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...pools.values()].map((pool) => pool.close()))
    },
  }

  async function openPool(origin: string): Promise<Pool> {
    // Only whoever sends needs it: a megabyte of source.
    const { Pool } = await import('undici')
    // Somebody else may have waited for the same.
    const known = pools.get(origin)
    if (known !== undefined) return known
    const pool = new Pool(origin, {
      connections: CONNECTIONS,
      connectTimeout: timeoutMs / 2,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs / 2,
      maxResponseSize: MAX_ANSWER_BYTES,
      allowH2: false,
    })
    pools.set(origin, pool)
    return pool
  }
}

function exchange(pool: Pool, { method, url, headers, body }: HttpRequest, timeoutMs: number): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const chunks: Buffer[] = []
  let isWritten = false
  let answer: Omit<HttpAnswer, 'body'> | undefined
  let deadline = Infinity
  pool.dispatch(
    { method, path: url.pathname + url.search, headers, body },
    {
      // Called on a live connection, right before the first byte.
      onRequestStart() {
        isWritten = true
      },
      onResponseStart(_controller, status, headers) {
        if (status < 200) return
        answer = { status, headers }
        deadline = performance.now() + timeoutMs / 2
      },
      onResponseData(controller, chunk) {
        // The body timeout only sees silence; this ends an answer that trickles.
        if (performance.now() > deadline) controller.abort(new Error('the answer took too long'))
        chunks.push(chunk)
      },
      onResponseEnd() {
        if (answer !== undefined) resolve({ ...answer, body: Buffer.concat(chunks).toString() })
      },
      onResponseError(_controller, cause) {
        if (answer !== undefined) resolve({ ...answer, body: undefined })
        else reject(stageError(url, isWritten, cause))
      },
    },
  )
  return promise
}

function stageError(url: URL, isWritten: boolean, cause: Error): Error {
  const where = `${url.origin}: ${cause.message || cause.name}`
  return isWritten
    ? new NotAcceptedError({ kind: 'unknown', reason: `no answer from ${where}` }, { cause })
    : new NotAcceptedError({ kind: 'later', reason: `could not reach ${where}` }, { cause })
}
