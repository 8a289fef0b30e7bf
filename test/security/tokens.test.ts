import { readFileSync } from 'node:fs'

import { scopes } from '@switchboard/contracts'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'

import { connectConsole } from '../support/console-client.ts'
import { eventually } from '../support/eventually.ts'
import { fill, routesOf } from '../support/routes-of.ts'
import type { Route } from '../support/routes-of.ts'
import { createSwitchboardApi } from '../support/switchboard-api.ts'
import type { SwitchboardApi } from '../support/switchboard-api.ts'
import { claimDatabase } from '../support/test-database.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

// Every route of the API, as ingress itself lists them, with every kind of token.
const cleanup = new AsyncDisposableStack()
let stack: TestStack
let api: SwitchboardApi
let redis: Redis
beforeAll(async () => {
  const { url, client } = cleanup.use(await claimDatabase(inject('redisUrl')))
  redis = client
  stack = cleanup.use(await startTestStack({ redisUrl: url, env: { LOG_LEVEL: 'debug' } }))
  api = createSwitchboardApi(stack.addresses)
})
afterAll(() => cleanup.disposeAsync())

const created = z.object({ token: z.string() })
const as = (token: string) => createSwitchboardApi({ ingress: stack.addresses.ingress, apiToken: token })

let made = 0
async function create(own: readonly string[], name = `token-${(made += 1)}`, by = api): Promise<string> {
  return created.parse(await by.post('/api/tokens', { name, scopes: own, expiresInDays: 30 })).token
}

/** A day passes for one token. */
async function expire(name: string): Promise<void> {
  const stored: unknown = JSON.parse((await redis.hget('sb:api-tokens', name)) ?? '{}')
  await redis.hset('sb:api-tokens', name, JSON.stringify({ ...Object(stored), expiresAt: Date.now() - 1 }))
}

async function statusOf({ method, url }: Route, token?: string): Promise<number> {
  const hasBody = !['GET', 'HEAD'].includes(method)
  const answer = await fetch(`${stack.addresses.ingress}${fill(url)}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: '{}' } : {}),
  })
  await answer.body?.cancel()
  return answer.status
}

test('every route takes a token of its one scope, and no other', { timeout: 120_000 }, async () => {
  const routes = (await routesOf('ingress', stack.logFile)).filter(({ url }) => url.startsWith('/api/'))
  expect(routes.length).toBeGreaterThan(30)
  expect(new Set(routes.map(({ needed }) => needed))).toEqual(new Set(scopes))
  const [expired, revoked] = [await create(scopes, 'expired'), await create(scopes, 'revoked')]
  await expire('expired')
  await api.delete('/api/tokens/revoked')
  const wrong: string[] = []
  for (const scope of scopes) {
    const right = await create([scope])
    const others = await create(scopes.filter((each) => each !== scope))
    const rows: [string, string | undefined, (status: number) => boolean][] = [
      ['nothing', undefined, (status) => status === 401],
      ['an expired token', expired, (status) => status === 401],
      ['a revoked token', revoked, (status) => status === 401],
      ['all other scopes', others, (status) => status === 403],
      ['its scope', right, (status) => ![401, 403].includes(status) && status < 500],
    ]
    for (const route of routes.filter(({ needed }) => needed === scope)) {
      for (const [what, token, isRight] of rows) {
        const status = await statusOf(route, token)
        if (!isRight(status)) wrong.push(`${route.method} ${route.url} with ${what}: ${status}`)
      }
    }
  }
  expect(wrong).toEqual([])
})

test('a token makes none that may do more, or for longer, than itself', async () => {
  const maker = as(await create(['tokens:write', 'alerts:read'], 'maker'))
  const ask = async (body: object) => (await maker.ask('POST', '/api/tokens', body)).status
  expect(await ask({ name: 'more', scopes: ['alerts:read', 'alerts:write'], expiresInDays: 1 })).toBe(403)
  expect(await ask({ name: 'longer', scopes: ['alerts:read'], expiresInDays: 31 })).toBe(403)
  expect(await ask({ name: 'for-ever', scopes: ['alerts:read'], expiresInDays: null })).toBe(403)
  expect(await ask({ name: 'as-much', scopes: ['alerts:read'], expiresInDays: 29 })).toBe(201)
  expect(await ask({ name: 'as-much', scopes: ['alerts:read'], expiresInDays: 29 })).toBe(409)
})

test('what a refused one may know: what it is called, and why; what nobody finds anywhere: a secret', async () => {
  const secrets = [await create(['alerts:read'], 'looked-for'), await create(['alerts:write'], 'no-more')]
  await expire('no-more')
  const [reader, expired] = secrets.map(as)
  const forbidden = await reader!.ask('POST', '/api/alerts', {})
  expect(forbidden.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="alerts:write"')
  expect(await forbidden.json()).toMatchObject({ status: 403, detail: expect.stringContaining('scope alerts:write') })
  const over = await expired!.ask('POST', '/api/alerts', {})
  expect(await over.json()).toMatchObject({ status: 401, detail: 'The token no-more has expired.' })
  const listed = await eventually(async () => {
    const { tokens } = z
      .object({ tokens: z.array(z.looseObject({ name: z.string() })) })
      .parse(await api.get('/api/tokens'))
    await reader!.get('/api/alerts')
    expect(tokens.find(({ name }) => name === 'looked-for')).toMatchObject({ lastUsedAt: expect.any(String) })
    return tokens
  })
  expect(listed).toContainEqual(
    expect.objectContaining({ name: 'no-more', state: 'expired', createdBy: expect.any(String) }),
  )
  const log = readFileSync(stack.logFile, 'utf8')
  expect(log).toMatch(/"reason":"expired","name":"no-more".*token\.refused|token\.refused.*"no-more"/)
  const stored = JSON.stringify(await redis.hgetall('sb:api-tokens'))
  for (const secret of secrets) {
    expect(log).not.toContain(secret)
    expect(stored).not.toContain(secret.slice(-43))
  }
})

test('an admin makes one in the console, sees it once, and revokes it', async () => {
  const { console: url, consolePassword, consoleViewerPassword } = stack.addresses
  const admin = await connectConsole(url, consolePassword)
  const form = { name: 'by-hand', scope: 'alerts:read', days: '30' }
  const viewer = await connectConsole(url, consoleViewerPassword)
  expect((await viewer.post('/tokens', form)).status).toBe(403)
  const page = await (await admin.post('/tokens', form)).text()
  const token = /data-token>([^<]+)</.exec(page)?.[1] ?? ''
  expect((await as(token).ask('GET', '/api/alerts')).status).toBe(200)
  expect((await as(token).ask('GET', '/api/tokens')).status).toBe(403)
  // What only ingress knows, it says within seconds.
  const list = await eventually(async () => {
    const text = await (await admin.get('/tokens')).text()
    expect(text).toMatch(/API_TOKENS [0-9a-f]{6}[^]*cannot be revoked here/)
    return text
  })
  expect(list).not.toContain(token)
  expect(list).toContain('by-hand')
  expect(list).not.toContain(stack.addresses.apiToken)
  expect((await admin.post('/tokens', form)).status).toBe(409)
  expect((await admin.post('/tokens/by-hand/revoke', {})).status).toBe(303)
  expect((await as(token).ask('GET', '/api/alerts')).status).toBe(401)
})
