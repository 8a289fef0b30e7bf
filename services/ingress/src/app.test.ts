import { request as send } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

import { createLogger, startHealth } from '@switchboard/runtime'
import type { TrustedProxies } from '@switchboard/runtime'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { describe, expect, it, vi } from 'vitest'

import { createServer } from './app.ts'
import { requireToken } from './require-token.ts'

const server = (limits: { rateLimitPerMinute?: number; trustProxy?: TrustedProxies; countShed?: () => void } = {}) =>
  createServer({
    log: createLogger('ingress', 'silent'),
    rateLimitPerMinute: 1_000,
    trustProxy: false,
    countShed: () => undefined,
    ...limits,
  })

async function ask(app: FastifyInstance, request: InjectOptions) {
  const response = await app.inject(request)
  const type = response.headers['content-type']?.split(';')[0]
  return { code: response.statusCode, type, body: response.body, headers: response.headers }
}

/** Everything else waits for it, as behind more work than there is time for. */
function work(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
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

  it.each([
    ['/', 'There is nothing to look at'],
    ['/nothing', 'A link may have been cut'],
  ])('is a page for a browser at %s, where there is nothing', async (url, words) => {
    const answer = await ask(await server(), { method: 'GET', url, headers: { accept: 'text/html,*/*' } })
    expect(answer).toMatchObject({ code: 404, type: 'text/html' })
    expect(answer.body).toContain(words)
  })

  it('is 429 beyond the limit of an address, per client behind a trusted proxy', async () => {
    const app = await server({ rateLimitPerMinute: 2, trustProxy: () => true })
    app.get('/', async () => 'ok')
    const get = (client: string) => ask(app, { method: 'GET', url: '/', headers: { 'x-forwarded-for': client } })
    const codes = [await get('192.0.2.1'), await get('192.0.2.1'), await get('192.0.2.1'), await get('192.0.2.2')]
    expect(codes.map(({ code }) => code)).toEqual([200, 200, 429, 200])
    expect(codes[2]?.type).toBe('application/problem+json')
    // Who has a /64 has 2^64 addresses, and one limit.
    const ofOne: number[] = []
    for (const last of [1, 2, 3]) ofOne.push((await get(`2001:db8::${last}`)).code)
    expect([...ofOne, (await get('2001:db8:0:1::1')).code]).toEqual([200, 200, 429, 200])
  })
})

/** Exactly this, where a URL would be put in order first. */
async function askRaw(app: FastifyInstance, target: string): Promise<string> {
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  send({ port, host: '127.0.0.1', path: target, agent: false }, (response) =>
    response.setEncoding('utf8').on('data', resolve),
  )
    .on('error', reject)
    .end()
  return promise
}

describe('what a request is for', () => {
  it.each([
    // A signature vouches for a query, which a # does not begin.
    ['/said#from=447700900010', { code: 404 }],
    [
      '/said?a=1#&from=447700900010',
      { url: '/said?a=1%23&from=447700900010', query: { a: '1#', from: '447700900010' } },
    ],
    ['http://console.example/said?a=1', { url: '/said?a=1', query: { a: '1' } }],
    ['http://console.example?a=/said', { code: 404 }],
  ])('is one thing to the router and to whoever looks at %s', async (target, expected) => {
    const app = await server()
    app.get('/said', async ({ url, query }) => ({ url, query }))
    const answer = JSON.parse(await askRaw(app, target))
    expect('code' in expected ? { code: answer.status } : answer).toEqual(expected)
    await app.close()
  })
})

it('does not begin with a route of the API that does not say which scope it needs', async () => {
  const app = await server()
  const begun = app.register(async (scope) => {
    const callers = { look: async () => ({ kind: 'unknown' }) as const, noteUse: () => undefined }
    requireToken(scope, {
      callers,
      trail: { enqueue: async () => {} },
      countTokenFailure: () => undefined,
      now: Date.now,
    })
    scope.get('/api/said', { config: { scope: 'alerts:read' } }, async () => 'ok')
    scope.post('/api/forgotten', async () => 'ok')
  })
  await expect(begun).rejects.toThrow('POST /api/forgotten does not say which scope it needs')
})

describe('a process that cannot keep up', () => {
  it('refuses what comes, unharmed and to be sent again, until it keeps up', { retry: 2 }, async () => {
    let shed = 0
    let taken = 0
    const app = await server({ countShed: () => void (shed += 1) })
    app.post('/', async () => (taken += 1))
    await app.ready()
    await using health = await startHealth('ingress', 0)
    const busy = setInterval(() => work(1_200), 1)
    const post = () => ask(app, { method: 'POST', url: '/' })
    const isRefusing = () =>
      vi.waitFor(async () => expect((await post()).code).toBe(503), { timeout: 60_000, interval: 5 })
    await isRefusing().finally(() => clearInterval(busy))

    const before = { shed, taken }
    const [refused, alive] = await Promise.all([post(), fetch(`http://127.0.0.1:${health.port}/livez`)])
    expect(refused).toMatchObject({ code: 503, type: 'application/problem+json', headers: { 'retry-after': '5' } })
    expect(JSON.parse(refused.body)).toMatchObject({ title: 'Overloaded', repeatable: true })
    expect(alive.status).toBe(200)
    expect({ shed, taken }).toEqual({ shed: before.shed + 1, taken: before.taken })
    await vi.waitFor(async () => expect((await post()).code).toBe(200), { timeout: 60_000, interval: 100 })
  })

  it('refuses nothing after a single pause, as at its start or on a machine that stood still', async () => {
    const app = await server()
    app.post('/', async () => 'ok')
    await app.ready()
    work(2_500)
    // Until it has found how late it was.
    await vi.waitFor(() => expect(app.isUnderPressure()).toBe(true), { timeout: 2_000, interval: 1 })
    expect((await ask(app, { method: 'POST', url: '/' })).code).toBe(200)
  })

  it('takes everything while only its Redis is slow', async () => {
    const app = await server()
    app.post('/', async () => {
      await wait(1_500)
      return 'ok'
    })
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(app, { method: 'POST', url: '/' })))
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([200]))
  })
})
