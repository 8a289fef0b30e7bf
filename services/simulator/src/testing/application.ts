import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { asObject, type Body } from '../messages/read-body.ts'

export interface Received {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string | undefined>
  rawBody: string
  body: Body
}

/** An application of somebody's: a real HTTP server that remembers the webhooks it got. */
export interface Application extends AsyncDisposable {
  url: string
  received: Received[]
  /** How it answers from now on; 200 by default. */
  answer(with_: (request: Received) => { status: number; body?: unknown }): void
  /** The first webhook that fits, received already or within some seconds. */
  next(fits: (request: Received) => boolean): Promise<Received>
}

export async function startApplication(): Promise<Application> {
  const received: Received[] = []
  let answer: Parameters<Application['answer']>[0] = accept
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const url = new URL(request.url ?? '/', 'http://localhost')
    const rawBody = Buffer.concat(chunks).toString()
    const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, value?.toString()]))
    const query = Object.fromEntries(url.searchParams)
    const entry = { method: request.method ?? '', path: url.pathname, query, headers, rawBody, body: parse(rawBody) }
    received.push(entry)
    const { status, body } = answer(entry)
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(body === undefined ? '' : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    received,
    answer: (with_) => {
      answer = with_
    },
    async next(fits) {
      const until = Date.now() + 30_000
      for (;;) {
        const found = received.find(fits)
        if (found) return found
        if (Date.now() > until) throw new Error(`No such webhook among ${JSON.stringify(received)}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function accept(): { status: number } {
  return { status: 200 }
}

function parse(rawBody: string): Body {
  try {
    return asObject(JSON.parse(rawBody)) ?? {}
  } catch {
    return Object.fromEntries(new URLSearchParams(rawBody))
  }
}

export function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address ? address.port : 0
}
