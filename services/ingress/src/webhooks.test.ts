import { createHash, randomUUID } from 'node:crypto'

import type { InboundMessage, StatusWebhook, UnrecognisedWebhook } from '@switchboard/contracts'
import { createLogger } from '@switchboard/runtime'
import { createSmsSignatureVerifier, createWebhookVerifier, smsSignature } from '@switchboard/vonage'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'

import { createServer } from './app.ts'
import { createRequireSignature } from './require-signature.ts'
import { messagesWebhooks } from './routes/messages-webhooks.ts'
import { smsWebhooks } from './routes/sms-webhooks.ts'
import type { SmsWebhookDeps } from './routes/sms-webhooks.ts'

const now = 1_790_000_000_000
const secret = 'signature-secret-0123456789'
const applicationId = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab'

const inbound = {
  message_uuid: '11111111-2222-4333-8444-555555555555',
  channel: 'sms',
  from: '447700900010',
  to: '447700900000',
  timestamp: '2026-09-21T13:33:20Z',
  message_type: 'text',
  text: 'MSFT',
}
const status = {
  message_uuid: inbound.message_uuid,
  timestamp: inbound.timestamp,
  status: 'delivered',
  to: '447700900010',
  from: '447700900000',
  channel: 'sms',
}

interface World {
  smsSignature?: SmsWebhookDeps['smsSignature']
  isRedisAway?: boolean
}

async function ingress({ smsSignature: checked = { kind: 'closed' }, isRedisAway = false }: World = {}) {
  const app = await createServer({
    log: createLogger('ingress', 'silent'),
    countShed: () => undefined,
    rateLimitPerMinute: 1_000,
    trustProxy: false,
  })
  const counts: string[] = []
  const kept = {
    inbound: new Array<InboundMessage>(),
    status: new Array<StatusWebhook>(),
    unrecognised: new Array<UnrecognisedWebhook>(),
  }
  const into = <Payload>(list: Payload[]) => ({
    enqueue: async (payload: Payload) => {
      if (isRedisAway) throw new Error("Stream isn't writeable")
      list.push(payload)
    },
  })
  const count = (route: string, outcome: string) => void counts.push(`${route} ${outcome}`)
  const deps = {
    inbound: into(kept.inbound),
    status: into(kept.status),
    unrecognised: into(kept.unrecognised),
    now: () => now,
    count,
    smsSignature: checked,
    requireSignature: createRequireSignature({
      verify: createWebhookVerifier({
        signatureSecrets: ['the secret before', secret],
        applicationIds: [applicationId],
        toleranceSeconds: 300,
        now: () => now,
      }),
      bindQuery: async () => true,
      count,
    }),
  }
  await app.register(async (scope) => messagesWebhooks(scope, deps))
  await app.register(async (scope) => smsWebhooks(scope, deps))
  return { app, kept, counts }
}

/** A request as Vonage signs it; the changes are what a forger does. */
async function signed(
  url: string,
  body: string,
  forged: { secret?: string; applicationId?: string; at?: number } = {},
) {
  const { at = now, applicationId: application_id = applicationId, secret: key = secret } = forged
  const payload_hash = createHash('sha256').update(body).digest('hex')
  const token = await new SignJWT({ jti: randomUUID(), payload_hash, api_key: 'abcd1234', application_id })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('Vonage')
    .setIssuedAt(at / 1_000)
    .sign(Buffer.from(key))
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return { method: 'POST', url, headers, payload: body } satisfies InjectOptions
}

async function ask(app: FastifyInstance, request: InjectOptions) {
  const response = await app.inject(request)
  const type = response.headers['content-type']?.split(';')[0]
  return { code: response.statusCode, type, body: response.body, headers: response.headers }
}

describe('POST /webhooks/inbound and /webhooks/status', () => {
  it('answers 200 with nothing once the message is kept', async () => {
    const { app, kept } = await ingress()
    const answer = await ask(app, await signed('/webhooks/inbound', JSON.stringify(inbound)))
    expect(answer).toMatchObject({ code: 200, body: '' })
    expect(kept.inbound).toMatchObject([
      { id: inbound.message_uuid, from: '447700900010', text: 'MSFT', receivedAt: now },
    ])
    await ask(app, await signed('/webhooks/status', JSON.stringify(status)))
    expect(kept.status).toMatchObject([{ kind: 'message', state: 'delivered' }])
  })

  it('sends a signed test back, and keeps nothing of it', async () => {
    const { app, kept, counts } = await ingress()
    const answer = await ask(app, await signed('/webhooks/test', '{"nonce":"n-1"}'))
    expect(answer).toMatchObject({ code: 200, body: '{"nonce":"n-1"}' })
    const forged = await ask(app, await signed('/webhooks/test', '{"nonce":"n-1"}', { secret: 'another secret' }))
    expect(forged).toMatchObject({ code: 401 })
    expect(forged.body).not.toContain('n-1')
    expect(await ask(app, await signed('/webhooks/test', '[]'))).toMatchObject({ code: 200, body: '{"nonce":""}' })
    expect(Object.values(kept).flat()).toEqual([])
    expect(counts).toEqual(['/webhooks/test forged'])
  })

  it('takes the signature from X-Vonage-Webhook-Auth-Token as well', async () => {
    const { app, kept } = await ingress()
    const { headers, ...request } = await signed('/webhooks/inbound', JSON.stringify(inbound))
    await ask(app, { ...request, headers: { 'x-vonage-webhook-auth-token': headers.authorization.slice(7) } })
    expect(kept.inbound).toHaveLength(1)
  })

  it('answers 503 when there is no signature, so that Vonage sends it again', async () => {
    const { app, kept, counts } = await ingress()
    const answer = await ask(app, { method: 'POST', url: '/webhooks/inbound', payload: inbound })
    expect(answer).toMatchObject({ code: 503, type: 'application/problem+json', headers: { 'retry-after': '5' } })
    expect(kept.inbound).toEqual([])
    expect(counts).toEqual(['/webhooks/inbound unsigned'])
  })

  const other = JSON.stringify({ ...inbound, text: 'GOOGL' })
  it.each<[string, () => Promise<InjectOptions>, string]>([
    [
      'signed with another secret',
      () => signed('/webhooks/inbound', '{}', { secret: 'another secret' }),
      'signature does not match',
    ],
    [
      'for another application',
      () => signed('/webhooks/inbound', '{}', { applicationId: 'other' }),
      'application_id is not ours',
    ],
    ['signed long ago', () => signed('/webhooks/inbound', '{}', { at: now - 301_000 }), 'iat is outside the window'],
    ['signed for tomorrow', () => signed('/webhooks/inbound', '{}', { at: now + 301_000 }), 'iat is in the future'],
    [
      'with another body',
      async () => ({ ...(await signed('/webhooks/inbound', '{}')), payload: other }),
      'payload_hash does not match',
    ],
    [
      'with a token that is none',
      async () => ({
        method: 'POST',
        url: '/webhooks/inbound',
        headers: { authorization: 'Bearer junk' },
        payload: inbound,
      }),
      '',
    ],
    [
      'signed by nobody',
      async () => ({
        method: 'POST',
        url: '/webhooks/inbound',
        headers: { authorization: `Bearer ${unsecured()}` },
        payload: inbound,
      }),
      '',
    ],
  ])('answers 401 to a webhook %s', async (_, request, reason) => {
    const { app, kept, counts } = await ingress()
    const answer = await ask(app, await request())
    expect(answer).toMatchObject({ code: 401, type: 'application/problem+json' })
    expect(answer.body).toContain(reason)
    expect(kept.inbound).toEqual([])
    expect(counts).toEqual(['/webhooks/inbound forged'])
  })

  it('accepts what the secret of before has signed', async () => {
    const { app, kept } = await ingress()
    await ask(app, await signed('/webhooks/inbound', JSON.stringify(inbound), { secret: 'the secret before' }))
    expect(kept.inbound).toHaveLength(1)
  })

  it.each<[string, string, string | undefined, number]>([
    ['no JSON', '{"a"', undefined, 400],
    ['too large', JSON.stringify({ ...inbound, text: 'a'.repeat(300_000) }), undefined, 413],
    ['an unknown shape', '{"hello":"world"}', 'message_uuid', 200],
    ['a list', '[]', '', 200],
    ['a number', '1', '', 200],
    ['an unknown channel', JSON.stringify({ ...inbound, channel: 'fax' }), 'channel', 200],
    ['a sender that is no number', JSON.stringify({ ...inbound, from: 'ACME' }), 'from', 200],
  ])('signed, but %s', async (_, body, problem, code) => {
    const { app, kept } = await ingress()
    const answer = await ask(app, await signed('/webhooks/inbound', body))
    expect(answer.code).toBe(code)
    if (code >= 400) expect(answer.type).toBe('application/problem+json')
    expect(kept.unrecognised).toHaveLength(problem === undefined ? 0 : 1)
    if (problem !== undefined) {
      expect(kept.unrecognised).toMatchObject([{ route: '/webhooks/inbound', method: 'POST', body }])
      expect(kept.unrecognised[0]?.problem).toContain(problem)
    }
  })

  it('answers 200 to a channel that is not served', async () => {
    const { app, kept, counts } = await ingress()
    await ask(app, await signed('/webhooks/inbound', JSON.stringify({ ...inbound, channel: 'rcs' })))
    expect(Object.values(kept).flat()).toEqual([])
    expect(counts).toEqual(['/webhooks/inbound ignored'])
  })

  it.each(['/webhooks/inbound', '/webhooks/status'])('%s answers 503 while Redis does not take it', async (url) => {
    const { app } = await ingress({ isRedisAway: true })
    for (const body of [JSON.stringify(url.endsWith('status') ? status : inbound), '{}']) {
      const answer = await ask(app, await signed(url, body))
      expect(answer).toMatchObject({ code: 503, type: 'application/problem+json', headers: { 'retry-after': '5' } })
    }
  })
})

describe('SMS API webhooks', () => {
  const verify = createSmsSignatureVerifier({ secret, method: 'sha256', toleranceSeconds: 300, now: () => now })
  const checked = { smsSignature: { kind: 'method', verify } } as const
  const params = {
    msisdn: '447700900010',
    to: '447700900000',
    messageId: '0A0000000123ABCD1',
    text: 'MSFT & more = €',
    type: 'unicode',
    'message-timestamp': '2026-09-21 13:33:20',
    timestamp: String(now / 1_000),
    nonce: 'n',
  }
  const receipt = {
    ...params,
    status: 'delivered',
    scts: '2609211333',
    'err-code': '0',
    'network-code': '23410',
    price: '0.03',
  }
  const sign = (given: Record<string, string>) => ({ ...given, sig: smsSignature(given, secret, 'sha256') })

  it.each(['GET', 'form', 'JSON'])('are taken as %s, on both names of the route', async (format) => {
    const { app, kept } = await ingress(checked)
    for (const url of ['/webhooks/inbound-sms', '/update']) {
      expect(await ask(app, requestAs(format, url, sign(params)))).toMatchObject({ code: 200 })
    }
    expect(kept.inbound).toMatchObject([{ text: 'MSFT & more = €', from: '447700900010' }, { id: '0A0000000123ABCD1' }])
    expect(await ask(app, requestAs(format, '/webhooks/delivery-receipt', sign(receipt)))).toMatchObject({ code: 200 })
    expect(kept.status).toMatchObject([{ messageUuid: '0A0000000123ABCD1', state: 'delivered' }])
  })

  it.each<[string, World, Record<string, string>, number]>([
    ['a changed parameter', checked, { ...sign(params), text: 'GOOGL' }, 401],
    ['no sig', checked, params, 401],
    ['an old one', checked, sign({ ...params, timestamp: String(now / 1_000 - 301) }), 401],
    ['neither a method nor permission', {}, sign(params), 403],
    ['permission to go without', { smsSignature: { kind: 'unsigned' } }, params, 200],
    ['no parameters, as when the URL is saved', {}, {}, 200],
  ])('with %s', async (_, world, given, code) => {
    const { app, kept } = await ingress(world)
    const answer = await ask(app, requestAs('GET', '/webhooks/inbound-sms', given))
    expect(answer.code).toBe(code)
    expect(kept.inbound).toHaveLength(code === 200 && 'text' in given ? 1 : 0)
    if (code >= 400) expect(answer.type).toBe('application/problem+json')
  })

  it('are what they are, on whichever address they come: a receipt is no reply', async () => {
    const { app, kept } = await ingress(checked)
    await ask(app, requestAs('GET', '/webhooks/inbound-sms', sign(receipt)))
    await ask(app, requestAs('form', '/webhooks/delivery-receipt', sign(params)))
    await ask(app, await signed('/webhooks/inbound', JSON.stringify(status)))
    await ask(app, await signed('/webhooks/status', JSON.stringify(inbound)))
    expect(kept.inbound).toMatchObject([{ id: params.messageId }, { id: inbound.message_uuid }])
    expect(kept.status).toMatchObject([{ messageUuid: receipt.messageId }, { messageUuid: status.message_uuid }])
  })

  it('keep the query of a GET that is not understood', async () => {
    const { app, kept } = await ingress({ smsSignature: { kind: 'unsigned' } })
    await ask(app, { method: 'GET', url: '/webhooks/inbound-sms?msisdn=ACME&messageId=1' })
    expect(kept.unrecognised).toMatchObject([{ method: 'GET', body: 'msisdn=ACME&messageId=1' }])
  })
})

/** A token with `alg: none`. */
function unsecured(): string {
  const hash = createHash('sha256').update(JSON.stringify(inbound)).digest('hex')
  const parts = [{ alg: 'none' }, { iss: 'Vonage', iat: now / 1_000, payload_hash: hash }]
  return `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`
}

function requestAs(format: string, url: string, given: Record<string, string>): InjectOptions {
  const encoded = new URLSearchParams(given).toString()
  if (format === 'GET') return { method: 'GET', url: `${url}?${encoded}` }
  if (format === 'JSON') return { method: 'POST', url, payload: given }
  return { method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: encoded }
}
