import { createServer } from 'node:http'

import { z } from 'zod'

import { findFreePort } from '../../scripts/ports.ts'

const attribute = z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) })
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(z.object({ traceId: z.string(), name: z.string() })) })),
    }),
  ),
})

export interface Span {
  service: string
  traceId: string
  name: string
}

interface Collector extends AsyncDisposable {
  url: string
  spans: Span[]
  /** All that came, as it came. */
  received: string[]
}

/** Takes spans as an OpenTelemetry collector does (OTLP over HTTP, in JSON). */
export async function startCollector(): Promise<Collector> {
  const spans: Span[] = []
  const received: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const body = Buffer.concat(chunks).toString()
    received.push(body)
    for (const { resource, scopeSpans } of exported.parse(JSON.parse(body)).resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? ''
      spans.push(...scopeSpans.flatMap((scope) => scope.spans.map(({ traceId, name }) => ({ service, traceId, name }))))
    }
    response.setHeader('content-type', 'application/json')
    response.end('{}')
  })
  const port = await findFreePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
