import type { Feed, FeedRefresh } from '@switchboard/contracts'
import { createLogger } from '@switchboard/runtime'
import type { InjectOptions } from 'fastify'
import { describe, expect, it } from 'vitest'

import { createApiCallers } from '../api-callers.ts'
import { createServer } from '../app.ts'
import { readEnvironmentTokens } from '../environment-tokens.ts'
import { requireToken } from '../require-token.ts'
import { feedRoutes } from './feeds.ts'

const push: Feed = { source: 'push', everySeconds: 60, text: '{value}' }
const authorization = 'Bearer token-one'

async function api({ tokens = ['token-one', 'token-two'], isRedisAway = false, subscribers = 3 } = {}) {
  const refreshes: FeedRefresh[] = []
  const ids = Array.from({ length: subscribers }, (_, index) => `sms.${447_700_900_000 + index}`)
  const orAway = async <Value>(value: Value) => {
    if (isRedisAway) throw new Error("Stream isn't writeable and enableOfflineQueue options is false")
    return value
  }
  const app = await createServer({
    log: createLogger('ingress', 'silent'),
    countShed: () => undefined,
    rateLimitPerMinute: 1_000,
    trustProxy: false,
  })
  await app.register(async (scope) => {
    requireToken(scope, {
      callers: createApiCallers({
        environmentTokens: readEnvironmentTokens(tokens),
        apiTokens: { get: async () => undefined, noteUse: async () => undefined },
        now: () => 5_000,
        onFault: () => undefined,
      }),
      countTokenFailure: () => undefined,
      trail: { enqueue: async () => {} },
      now: () => 5_000,
    })
    feedRoutes(scope, {
      feeds: { MSFT: push, GOOGL: push },
      refresh: { enqueue: async (refresh) => void refreshes.push(await orAway(refresh)) },
      idempotency: { claim: async () => ({ kind: 'new' }), settle: async () => {} },
      feedValues: { nextTick: (_topic, now) => orAway(now) },
      subscriptions: {
        count: () => orAway(ids.length),
        page: (_, after, size) => orAway(ids.filter((id) => id > after).slice(0, size)),
      },
      now: () => 5_000,
    })
  })
  const ask = async (request: InjectOptions) => {
    const response = await app.inject({ ...request, headers: { authorization, ...request.headers } })
    return {
      code: response.statusCode,
      type: response.headers['content-type']?.split(';')[0],
      body: response.json<unknown>(),
    }
  }
  const pushTo = (topic: string, payload?: object | string) =>
    ask({ method: 'POST', url: `/api/feeds/${topic}/updates`, ...(payload === undefined ? {} : { payload }) })
  return { ask, pushTo, refreshes }
}

describe('POST /api/feeds/:topic/updates', () => {
  it.each([
    ['MSFT', '421.50', '421.50'],
    ['msft', 421.5, '421.5'],
  ])('into %s takes %o', async (topic, value, text) => {
    const { pushTo, refreshes } = await api()
    expect(await pushTo(topic, { value })).toMatchObject({ code: 202, body: { id: expect.stringMatching(/^update-/) } })
    expect(refreshes).toMatchObject([{ topic: 'MSFT', update: { value: text, at: 5_000 } }])
  })

  it.each<[string, object | string | undefined, string]>([
    ['no value', {}, 'value'],
    ['an empty value', { value: '' }, 'value'],
    ['a value that is too long', { value: 'a'.repeat(501) }, 'value'],
    ['a value that is none', { value: { price: 1 } }, 'value'],
    ['an unknown member', { value: '1', at: 7 }, 'has what is not known here: "at"'],
    ['no body', undefined, ''],
  ])('refuses %s, naming it', async (_, payload, named) => {
    const { pushTo, refreshes } = await api()
    const answer = await pushTo('MSFT', payload)
    expect(answer).toMatchObject({ code: 422, type: 'application/problem+json' })
    expect(JSON.stringify(answer.body)).toContain(JSON.stringify(named).slice(1, -1))
    expect(refreshes).toEqual([])
  })

  it('refuses what is not JSON', async () => {
    const { ask } = await api()
    const headers = { 'content-type': 'application/json' }
    const answer = await ask({ method: 'POST', url: '/api/feeds/MSFT/updates', headers, payload: '{"value"' })
    expect(answer).toMatchObject({ code: 400, type: 'application/problem+json' })
  })

  it('names the topics there are when there is no such topic', async () => {
    const { pushTo } = await api()
    expect(await pushTo('AAPL', { value: '1' })).toMatchObject({
      code: 404,
      body: { detail: 'There is no topic AAPL. Topics: MSFT, GOOGL.' },
    })
  })

  it('answers 503 while Redis is away', async () => {
    const { pushTo } = await api({ isRedisAway: true })
    expect(await pushTo('MSFT', { value: '1' })).toMatchObject({ code: 503, type: 'application/problem+json' })
  })
})

function list(query: string): InjectOptions {
  return { method: 'GET', url: `/api/subscriptions?${query}` }
}

describe('GET /api/subscriptions', () => {
  it('lists who is subscribed, page by page', async () => {
    const { ask } = await api({ subscribers: 150 })
    const first = await ask(list('topic=msft'))
    expect(first.body).toMatchObject({ topic: 'MSFT', total: 150, next: 'sms.447700900099' })
    const second = await ask(list('topic=MSFT&after=sms.447700900099'))
    expect(second.body).toMatchObject({ next: null, contacts: expect.objectContaining({ length: 50 }) })
  })

  it('answers 422 without a topic, and 503 while Redis is away', async () => {
    expect(await (await api()).ask(list(''))).toMatchObject({ code: 422, body: { errors: [{ field: 'topic' }] } })
    expect(await (await api({ isRedisAway: true })).ask(list('topic=MSFT'))).toMatchObject({ code: 503 })
  })
})

describe('API tokens', () => {
  it.each([
    ['one of them', 'Bearer token-one', 200],
    ['the other', 'bearer token-two', 200],
    ['none', '', 401],
    ['another', 'Bearer token-three', 401],
    ['the beginning of one', 'Bearer token', 401],
    ['basic credentials', 'Basic dG9rZW4tb25l', 401],
  ])('with %s', async (_, given, code) => {
    const { ask } = await api()
    const answer = await ask({ method: 'GET', url: '/api/subscriptions?topic=MSFT', headers: { authorization: given } })
    expect(answer.code).toBe(code)
    if (code === 401) expect(answer.type).toBe('application/problem+json')
  })

  it('lets nobody in when none are configured', async () => {
    const { ask } = await api({ tokens: [] })
    const answer = await ask({ method: 'GET', url: '/api/subscriptions?topic=MSFT' })
    expect(answer).toMatchObject({ code: 401, body: { detail: expect.stringContaining('tokens create') } })
  })
})
