import { request } from 'node:http'

import { verifyToken } from '@switchboard/tokens'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startRig, type Rig } from '../testing/start.ts'

const TOKEN = 'token-of-the-api'
const SECRET = 'the secret of tickets, long enough for tokens'
const walking = {
  id: 'alert-1',
  state: 'walking',
  text: 'Main server down',
  current: { round: 0, user: 'Tony', channel: 'messenger', dueAt: '2030-01-01T00:00:00.000Z' },
  attendedBy: null,
  users: [{ name: 'Tony', channels: ['messenger', 'sms'] }],
  timeline: [],
}

let rig: Rig
beforeEach(async () => {
  rig = await startRig({}, 20, { token: TOKEN, consoleUrl: 'http://localhost:9100', ticketSecret: SECRET })
  rig.application.answer(({ method, headers }) =>
    headers.authorization === `Bearer ${TOKEN}`
      ? { status: 200, body: method === 'POST' ? { id: 'alert-1' } : walking }
      : { status: 401, body: { title: 'Not authorised', detail: 'Send one of the API_TOKENS' } },
  )
})
afterEach(() => rig[Symbol.asyncDispose]())

/** As `fetch` cannot: under any name. */
function ask(path: string, headers: Record<string, string>): Promise<{ status: number; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${rig.url}${path}`, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location })
    })
    sent.on('error', reject).end()
  })
}

test('the simulator asks with the token, and the page never has it', async () => {
  const { body } = await rig.control('POST', '/try/alert')
  expect(body).toMatchObject({ id: 'alert-1', headline: 'Tony’s Messenger rings' })
  expect((await rig.control('GET', '/try/alert')).body.walk).toMatchObject({ id: 'alert-1' })
  const started = rig.application.received.find(({ path }) => path === '/api/alerts')
  expect(started?.body).toEqual({ policy: 'demo', text: 'Main server down' })
  const shown = await Promise.all(['/', '/snapshot', '/openapi.json'].map((path) => rig.call('GET', path)))
  for (const { text } of shown) expect([text.includes(TOKEN), text.includes(SECRET)]).toEqual([false, false])
})

test('what Switchboard refuses is said in its words', async () => {
  rig.application.answer(() => ({ status: 422, body: { title: 'Not valid', detail: 'policy: is unknown' } }))
  expect(await rig.control('POST', '/try/alert')).toMatchObject({ status: 422, body: { title: 'policy: is unknown' } })
  rig.application.answer(() => ({ status: 503, body: {} }))
  expect(await rig.control('POST', '/try/alert')).toMatchObject({ status: 502 })
})

test('the way into the console is a ticket for that one host', async () => {
  const host = new URL(rig.url).host
  const { status, location } = await ask('/try/console', { host, origin: `http://${host}` })
  const address = new URL(location ?? '')
  expect([status, address.origin, address.pathname]).toEqual([303, 'http://localhost:9100', '/ticket'])
  const token = address.searchParams.get('ticket') ?? ''
  const check = await verifyToken(SECRET, { purpose: 'ticket', token, now: Date.now() })
  expect(check).toMatchObject({ kind: 'valid', subject: 'localhost:9100' })
})

test.each([
  ['a name of somebody else’s that leads here', { host: 'evil.test:9200', origin: 'http://evil.test:9200' }],
  ['the same without an origin', { host: 'evil.test:9200' }],
  ['another site', { host: 'localhost:9200', origin: 'https://evil.test' }],
  ['a page without an origin', { host: 'localhost:9200', origin: 'null' }],
  ['another machine', { host: '192.168.1.4:9200', origin: 'http://192.168.1.4:9200' }],
])('nothing of it from %s', async (_, headers) => {
  for (const path of ['/try/console', '/control/try/alert', '/control/try/notifications']) {
    expect(await ask(path, headers)).toEqual({ status: 403, location: undefined })
  }
  expect(rig.application.received).toEqual([])
})

test('a page that was led here by its name does not drive phones either', async () => {
  const path = '/control/phones/sms/447700900010/messages'
  expect(await ask(path, { host: 'evil.test:9200', origin: 'http://evil.test:9200' })).toMatchObject({ status: 403 })
})

test('without a Switchboard behind it there is nothing to try', async () => {
  await using plain = await startRig()
  expect((await plain.control('POST', '/try/alert')).status).toBe(404)
  expect((await plain.call('POST', '/try/console')).status).toBe(404)
  expect((await plain.call('GET', '/snapshot')).body.canTry).toBe(false)
})
