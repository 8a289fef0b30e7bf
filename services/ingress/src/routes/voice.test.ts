import { createHash } from 'node:crypto'

import type { CallEvent } from '@switchboard/contracts'
import { issueLinkToken, verifyToken } from '@switchboard/tokens'
import { createWebhookVerifier } from '@switchboard/vonage'
import { fastify } from 'fastify'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'

import { installProblems } from '../problem.ts'
import { createRequireSignature } from '../require-signature.ts'
import { voiceWebhooks } from './voice.ts'

const now = 1_790_000_000_000
const sessionSecret = 'the secret of links, of many characters'
const tokenSecret = 'a secret of many characters'
const signatureSecret = 'the signature secret of the account'
const params = { uuid: 'leg-a', conversation_uuid: 'CON-1', from: '447700900010', to: '447700900000' }
const socketLeg = {
  uuid: 'leg-b',
  to: 'ws://echo/socket',
  headers: { call_uuid: 'leg-a' },
  timestamp: '2026-09-21T14:13:20Z',
}
/** Has called too often. */
const LIMITED = '447700900099'
const voice = {
  socketUrl: 'wss://echo.example/socket',
  greeting: 'Hello',
  apology: 'Sorry',
  language: 'en-GB',
  sampleRate: 16_000 as const,
  tokenSecret,
}
const apology = [{ action: 'talk', text: 'Sorry', language: 'en-GB' }]

function build({ passesUnsigned = false, enqueue = async (_event: CallEvent) => {} } = {}): FastifyInstance {
  const app = fastify()
  const queries = new Map<string, string>()
  const bindQuery = async (tokenHash: string, query: string) => {
    if (!queries.has(tokenHash)) queries.set(tokenHash, query)
    return queries.get(tokenHash) === query
  }
  installProblems(app)
  const options = {
    signatureSecrets: [signatureSecret],
    applicationIds: ['app-1'],
    toleranceSeconds: 300,
    now: () => now,
  }
  voiceWebhooks(app, {
    requireVoiceSignature: createRequireSignature({
      verify: createWebhookVerifier(options),
      bindQuery,
      count,
      passesUnsigned,
    }),
    callEvents: { enqueue },
    sessionSecret,
    mayCall: async (caller) => ![LIMITED, 'withheld'].includes(caller),
    unrecognised: { enqueue: async () => {} },
    now: () => now,
    count,
    voice,
  })
  return app
}

async function signed(options: InjectOptions & { payload?: string }): Promise<InjectOptions> {
  const body = createHash('sha256')
    .update(options.payload ?? '')
    .digest('hex')
  const token = await new SignJWT({ jti: '1', payload_hash: body, api_key: 'abcd', application_id: 'app-1' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('Vonage')
    .setIssuedAt(now / 1_000)
    .sign(new TextEncoder().encode(signatureSecret))
  return { ...options, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }
}

const count = () => undefined
const away = () => Promise.reject(new Error('Redis is away'))
const post = (url: string, body: object) => signed({ method: 'POST', url, payload: JSON.stringify(body) })
const get = (url: string, query: Record<string, string>) =>
  signed({ method: 'GET', url: `${url}?${new URLSearchParams(query).toString()}` })

describe('the answer', () => {
  it('to a number that has called too often says so, and connects nobody', async () => {
    const response = await build().inject(await get('/webhooks/answer', { ...params, from: LIMITED }))
    expect([response.statusCode, response.json()]).toEqual([200, apology])
  })

  it('to whoever does not say who they are counts all of them as one number', async () => {
    const { from: _from, ...withheld } = params
    const response = await build().inject(await get('/webhooks/answer', withheld))
    expect([response.statusCode, response.json()]).toEqual([200, apology])
  })

  it.each(['/webhooks/answer', '/ncco'])('of %s greets, then connects to the echo, by GET and POST', async (url) => {
    for (const request of [await get(url, params), await post(url, params)]) {
      const response = await build().inject(request)
      expect(response.statusCode).toBe(200)
      expect(response.headers['content-type']).toContain('application/json')
      expect(response.json()).toMatchObject([
        { action: 'talk', text: 'Hello', language: 'en-GB' },
        {
          action: 'connect',
          eventType: 'synchronous',
          from: '447700900000',
          endpoint: [
            {
              type: 'websocket',
              uri: 'wss://echo.example/socket',
              'content-type': 'audio/l16;rate=16000',
              headers: { call_uuid: 'leg-a', conversation_uuid: 'CON-1' },
              authorization: { type: 'custom', value: expect.stringMatching(/^Bearer ey/) },
            },
          ],
        },
      ])
    }
  })

  it('carries a token for this call that lives a minute', async () => {
    const response = await build().inject(await get('/webhooks/answer', params))
    const token: string = response.json()[1].endpoint[0].authorization.value.slice('Bearer '.length)
    const check = await verifyToken(tokenSecret, { purpose: 'echo', token, now })
    expect(check).toMatchObject({ kind: 'valid', subject: 'leg-a', expiresAt: now + 60_000 })
  })

  it('apologises when the call is not named', async () => {
    const response = await build().inject(await get('/webhooks/answer', { from: '447700900010' }))
    expect([response.statusCode, response.json()]).toEqual([200, apology])
  })

  it('is not given twice for one token with two queries: nothing in it vouches for a query', async () => {
    const app = build()
    const request = await get('/webhooks/answer', params)
    expect((await app.inject(request)).statusCode).toBe(200)
    expect((await app.inject(request)).statusCode).toBe(200)
    const other = {
      ...request,
      url: `/webhooks/answer?${new URLSearchParams({ ...params, uuid: 'leg-b' }).toString()}`,
    }
    expect((await app.inject(other)).statusCode).toBe(401)
    expect((await app.inject({ ...other, method: 'POST' })).statusCode).toBe(401)
  })

  it.each([
    ['not signed', 'GET', {}, false, 503],
    ['signed badly', 'GET', { authorization: 'Bearer junk' }, false, 401],
    ['not signed, where that is allowed', 'GET', {}, true, 200],
    ['signed badly, where no signature is needed', 'GET', { authorization: 'Bearer junk' }, true, 401],
  ] as const)('to a request that is %s', async (_name, method, headers, passesUnsigned, status) => {
    const url = `/webhooks/answer?${new URLSearchParams(params).toString()}`
    const response = await build({ passesUnsigned }).inject({ method, url, headers })
    expect(response.statusCode).toBe(status)
  })

  it('of the fallback apologises', async () => {
    const request = await get('/webhooks/answer/fallback', { ...params, reason: 'timeout' })
    expect((await build().inject(request)).json()).toEqual(apology)
  })
})

const tokenOf = (purpose: 'call' | 'acknowledge') =>
  issueLinkToken(sessionSecret, { purpose, subject: 'm1', ttlSeconds: 60, now })

describe('an event of a call that we placed', () => {
  const machine = { call_uuid: 'leg-1', status: 'machine', timestamp: '2026-09-21T14:13:20Z' }

  it.each([
    ['', { messageId: 'm1' }],
    ['?leavesText=true', { messageId: 'm1', leavesText: true }],
  ])('%s names the message that is spoken in it', async (query, about) => {
    const kept: CallEvent[] = []
    const app = build({ enqueue: async (event) => void kept.push(event) })
    const response = await app.inject(await post(`/webhooks/call-events/${tokenOf('call')}${query}`, machine))
    expect(response.statusCode).toBe(200)
    expect(kept).toMatchObject([{ uuid: 'leg-1', status: 'machine', ...about }])
  })

  it.each([
    ['of another purpose', tokenOf('acknowledge')],
    ['made up', 'm1.zzz.0123456789012345678901'],
  ])('is nobody’s under a token %s', async (_, token) => {
    const kept: CallEvent[] = []
    const app = build({ enqueue: async (event) => void kept.push(event) })
    const response = await app.inject(await post(`/webhooks/call-events/${token}`, machine))
    expect([response.statusCode, kept]).toEqual([404, []])
  })

  it('must be signed like all others', async () => {
    const url = `/webhooks/call-events/${tokenOf('call')}`
    const response = await build().inject({ method: 'POST', url, payload: machine })
    expect(response.statusCode).toBe(503)
  })
})

describe('an event', () => {
  it.each([
    ['answered', socketLeg, ''],
    ['failed', socketLeg, apology],
    ['unanswered', socketLeg, apology],
    ['disconnected', socketLeg, apology],
    ['disconnected', { ...socketLeg, headers: undefined }, apology],
    ['completed', socketLeg, ''],
    ['failed', params, ''],
    ['completed', params, ''],
  ])('%s is kept and answered', async (status, leg, expected) => {
    const kept: CallEvent[] = []
    const enqueue = async (event: CallEvent) => void kept.push(event)
    const response = await build({ enqueue }).inject(await post('/webhooks/events', { ...leg, status }))
    expect(response.statusCode).toBe(200)
    expect(response.body === '' ? '' : response.json()).toEqual(expected)
    expect(kept).toMatchObject([{ status, uuid: leg.uuid, receivedAt: now }])
  })

  it('comes by GET as well, and under the name of the tutorial', async () => {
    const kept: CallEvent[] = []
    const app = build({ enqueue: async (event) => void kept.push(event) })
    await app.inject(await get('/webhooks/event', { ...params, status: 'ringing' }))
    expect(kept).toMatchObject([{ status: 'ringing', from: '447700900010' }])
  })

  it('that Redis does not take is answered 503, so that it comes again', async () => {
    const response = await build({ enqueue: away }).inject(
      await post('/webhooks/events', { ...params, status: 'ringing' }),
    )
    expect(response.statusCode).toBe(503)
  })
})
