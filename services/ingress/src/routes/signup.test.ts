import { switchboardConfig } from '@switchboard/contracts'
import type { SignupRequest } from '@switchboard/contracts'
import type { Signup } from '@switchboard/store'
import { issueLinkToken } from '@switchboard/tokens'
import { fastify } from 'fastify'
import { afterEach, expect, it } from 'vitest'

import type { SignupPageSettings } from '../signup-form.ts'
import { signupRoutes } from './signup.ts'

const SECRET = 'a secret of at least sixteen characters'
const NOW = 1_000_000
const config = { senders: { sms: '447700900000' }, feeds: { MSFT: { source: 'push' } } }
const settings = switchboardConfig.parse({ ...config, signup: { countries: ['GB'] } })
const signup: Signup = {
  id: 'signup-1',
  contact: { channel: 'sms', address: '447400123456' },
  topic: '<b>MSFT</b>',
  state: 'asked',
  turns: 0,
  createdAt: NOW,
  expiresAt: NOW + 60_000,
}

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]()
})

interface World {
  refused?: string
  isRedisAway?: boolean
  publicUrl?: string
  now?: number
  signupSettings?: SignupPageSettings
}

async function page({
  refused,
  isRedisAway = false,
  publicUrl = 'http://localhost',
  now = NOW,
  signupSettings = settings,
}: World = {}) {
  const requests: SignupRequest[] = []
  const app = fastify()
  opened.push(app)
  await app.register(async (scope) =>
    signupRoutes(scope, {
      sessionSecret: SECRET,
      publicUrl,
      signupSettings,
      signupRequests: {
        async enqueue(request) {
          if (isRedisAway) throw new Error('Command timed out')
          requests.push(request)
        },
      },
      trail: { enqueue: async () => {} },
      signups: { get: async (id) => (id === signup.id ? signup : undefined) },
      quotas: { take: async ({ name }) => name !== refused },
      countLimited: () => undefined,
      now: () => now,
    }),
  )
  const loaded = await app.inject({ url: '/signup' })
  const token = /name="token" value="([^"]+)"/.exec(loaded.body)?.[1] ?? ''
  const cookie = String(loaded.headers['set-cookie'] ?? '')
  const send = (fields: object = {}) =>
    app.inject({
      method: 'POST',
      url: '/signup',
      headers: { cookie: cookie.split(';')[0] ?? '', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        channel: 'sms',
        number: '+447400123456',
        topic: 'MSFT',
        token,
        ...fields,
      }).toString(),
    })
  return { app, requests, cookie, send }
}

function link(answer: 'confirm' | 'decline', ttlSeconds = 60): string {
  const subject = signup.id
  return `/signup/${answer}/${issueLinkToken(SECRET, { purpose: answer, subject, ttlSeconds, now: NOW })}`
}

it('is off until somebody says which countries it may write to', async () => {
  const { app, send, requests } = await page({ signupSettings: switchboardConfig.parse(config) })
  expect((await app.inject({ url: '/signup' })).statusCode).toBe(404)
  expect((await send()).statusCode).not.toBe(303)
  expect(requests).toEqual([])
})

it('passes a form on, once for the same form, and shows the same page as always', async () => {
  const { send, requests } = await page()
  for (const answer of [await send(), await send()]) {
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/signup/sent'])
  }
  expect(requests).toMatchObject([{ kind: 'ask', topic: 'MSFT', contact: { address: '447400123456' } }, {}])
  expect(new Set(requests.map((request) => JSON.stringify(request))).size).toBe(1)
})

it('says what may have happened to the form of another tab, and takes it when it is sent again', async () => {
  const { app, requests, send } = await page()
  const { headers, body } = await send()
  expect([String(headers['set-cookie']), body]).toMatchObject([expect.stringMatching(/^sb_signup=;/), ''])
  const fields = { channel: 'sms', number: '+447400123456', topic: 'MSFT' }
  const submit = (token: string, cookie?: string) =>
    app.inject({
      method: 'POST',
      url: '/signup',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie && { cookie }) },
      body: new URLSearchParams({ ...fields, token }).toString(),
    })
  const shown = await submit('of before')
  expect(shown.statusCode).toBe(403)
  expect(shown.body).toContain('another one was sent meanwhile')
  const token = /name="token" value="([^"]+)"/.exec(shown.body)?.[1] ?? ''
  const again = await submit(token, String(shown.headers['set-cookie']).split(';')[0])
  expect([again.statusCode, again.headers.location]).toEqual([303, '/signup/sent'])
  expect(requests).toHaveLength(2)
})

it.each([
  ['signup-ip', 429],
  ['signup-country', 429],
  ['signup-all', 429],
  // Not told: it would say that somebody signed up this number.
  ['signup-address', 303],
])('sends nothing when %s is used up', async (refused, statusCode) => {
  const { send, requests } = await page({ refused })
  expect((await send()).statusCode).toBe(statusCode)
  expect(requests).toEqual([])
})

it('keeps the cookie from scripts and other sites, and to TLS where there is TLS', async () => {
  expect((await page()).cookie).toMatch(/HttpOnly; SameSite=Lax/)
  expect((await page()).cookie).not.toContain('Secure')
  expect((await page({ publicUrl: 'https://example.org' })).cookie).toContain('Secure')
})

it('shows what was entered as text, not as markup', async () => {
  const { send } = await page()
  const answer = await send({ number: '"><script>alert(1)</script>' })
  expect(answer.statusCode).toBe(422)
  expect(answer.body).not.toContain('<script>alert')
  expect(answer.body).toContain('&quot;&gt;&lt;script&gt;')
})

it('says so in words when Redis is away', async () => {
  const { send } = await page({ isRedisAway: true })
  const answer = await send()
  expect(answer.statusCode).toBe(503)
  expect(answer.body).toContain('try again in a few minutes')
})

it('a link shows a page; only its button answers', async () => {
  const { app, requests } = await page()
  const shown = await app.inject({ url: link('confirm') })
  expect(shown.statusCode).toBe(200)
  expect(shown.body).toContain('&lt;b&gt;MSFT')
  expect(requests).toEqual([])
  for (const answer of ['confirm', 'decline'] as const) await app.inject({ method: 'POST', url: link(answer) })
  expect(requests).toMatchObject([
    { kind: 'answer', signupId: 'signup-1', answer: 'confirm', via: 'link' },
    { kind: 'answer', signupId: 'signup-1', answer: 'decline', via: 'link' },
  ])
})

it('a link to confirm is no link to decline, and each has its time', async () => {
  const { app } = await page()
  const swapped = link('confirm').replace('confirm', 'decline')
  expect((await app.inject({ method: 'POST', url: swapped })).statusCode).toBe(404)
  const late = await page({ now: NOW + 61_000 })
  expect((await late.app.inject({ method: 'POST', url: link('confirm') })).statusCode).toBe(410)
  expect((await late.app.inject({ method: 'POST', url: link('decline', 90) })).statusCode).toBe(200)
  expect(late.requests).toMatchObject([{ answer: 'decline' }])
})
