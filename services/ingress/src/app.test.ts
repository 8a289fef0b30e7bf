import { createLogger } from '@switchboard/runtime'
import type { TrustedProxies } from '@switchboard/runtime'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { describe, expect, it } from 'vitest'

import { createServer } from './app.ts'

const server = (limits: { rateLimitPerMinute?: number; trustProxy?: TrustedProxies } = {}) =>
  createServer({ log: createLogger('ingress', 'silent'), rateLimitPerMinute: 1_000, trustProxy: false, ...limits })

async function ask(app: FastifyInstance, request: InjectOptions) {
  const response = await app.inject(request)
  const type = response.headers['content-type']?.split(';')[0]
  return { code: response.statusCode, type, body: response.body, headers: response.headers }
}

describe('every answer', () => {
  it('carries the headers that protect pages', async () => {
    const app = await server()
    expect((await ask(app, { method: 'GET', url: '/' })).headers).toMatchObject({ 'x-content-type-options': 'nosniff' })
  })

  it('is a problem when there is no such route, without the query in it', async () => {
    const app = await server()
    const answer = await ask(app, { method: 'GET', url: '/nothing?number=447700900010' })
    expect(answer).toMatchObject({ code: 404, type: 'application/problem+json' })
    expect(JSON.parse(answer.body)).toMatchObject({ title: 'Not found', detail: 'There is no GET /nothing' })
  })

  it('is 429 beyond the limit of an address, per client behind a trusted proxy', async () => {
    const app = await server({ rateLimitPerMinute: 2, trustProxy: () => true })
    app.get('/', async () => 'ok')
    const get = (client: string) => ask(app, { method: 'GET', url: '/', headers: { 'x-forwarded-for': client } })
    const codes = [await get('192.0.2.1'), await get('192.0.2.1'), await get('192.0.2.1'), await get('192.0.2.2')]
    expect(codes.map(({ code }) => code)).toEqual([200, 200, 429, 200])
    expect(codes[2]?.type).toBe('application/problem+json')
  })
})
