import { createServer, type IncomingMessage } from 'node:http'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'

import { asList, asObject } from '../messages/read-body.ts'
import { portOf } from '../testing/application.ts'
import { eventually } from '../testing/eventually.ts'
import { startRig, type Rig } from '../testing/start.ts'
import { createFrameLedger } from './frame-ledger.ts'
import { createPlayOut } from './play-out.ts'

/** An application's WebSocket, in the barest form. */
interface Socket {
  url: string
  handshakes: IncomingMessage[]
  connections: WebSocket[]
  texts: Record<string, unknown>[]
  mode: 'echo' | 'wrong-size' | 'refuse' | 'close'
}

let rig: Rig
const socket: Socket = { url: '', handshakes: [], connections: [], texts: [], mode: 'echo' }
const http = createServer()
const server = new WebSocketServer({ noServer: true })

beforeAll(async () => {
  rig = await startRig()
  http.on('upgrade', (request, tcp, head) => {
    if (socket.mode === 'refuse') {
      tcp.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
      return
    }
    socket.handshakes.push(request)
    server.handleUpgrade(request, tcp, head, (connection) => {
      socket.connections.push(connection)
      connection.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) socket.texts.push(JSON.parse(data.toString()))
        else if (socket.mode === 'close') connection.close(1011)
        else connection.send(socket.mode === 'wrong-size' ? data.subarray(0, 100) : data)
      })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  socket.url = `ws://127.0.0.1:${portOf(http.address())}/socket`
})
afterAll(async () => {
  await rig[Symbol.asyncDispose]()
  server.close()
  http.close()
})
beforeEach(() => {
  rig.application.received.length = 0
  Object.assign(socket, { mode: 'echo', texts: [], handshakes: [], connections: [] })
  answerWith(200, ncco())
})
afterEach(() => rig.world.reset())

const ncco = (extra: object = {}) => [
  { action: 'talk', text: 'Connecting you now', language: 'en-GB' },
  {
    action: 'connect',
    eventType: 'synchronous',
    from: '447700900000',
    endpoint: [
      {
        type: 'websocket',
        uri: socket.url,
        'content-type': 'audio/l16;rate=16000',
        headers: { caller: '447700900010' },
        authorization: { type: 'custom', value: 'Bearer token-of-the-call' },
        ...extra,
      },
    ],
  },
]
const answerWith = (status: number, body: unknown, fallback: unknown = []) =>
  rig.application.answer(({ path }) => {
    if (path === '/webhooks/answer') return { status, body }
    return path === '/webhooks/answer/fallback' ? { status: 200, body: fallback } : { status: 200 }
  })
const dial = async () => String((await rig.control('POST', '/calls', { from: '447700900010' })).body.uuid)
const view = async (uuid: string) => (await rig.control('GET', `/calls/${uuid}`)).body
const framesOf = async (uuid: string) => asObject((await view(uuid)).frames) ?? {}
const eventsOf = (uuid: string) =>
  rig.application.received
    .filter(({ path, body }) => path === '/webhooks/events' && (body.uuid === uuid || body.headers))
    .map(({ body }) => `${body.uuid === uuid ? 'call' : 'socket'} ${String(body.status)}`)

test('a call is answered, connected, echoed byte for byte, and reported in order', async () => {
  const uuid = await dial()
  const asked = await rig.application.next(({ path }) => path === '/webhooks/answer')
  expect(asked).toMatchObject({ method: 'GET', query: { to: '447700900000', from: '447700900010', uuid } })
  expect(asked.headers.authorization).toMatch(/^Bearer /)
  expect(asked.query.region_url).toBe(rig.url)
  await eventually(async () => (await framesOf(uuid)).echoed).toBeGreaterThan(10)
  expect(socket.handshakes[0]?.headers.authorization).toBe('Bearer token-of-the-call')
  expect(socket.texts[0]).toEqual({
    event: 'websocket:connected',
    'content-type': 'audio/l16;rate=16000',
    caller: '447700900010',
  })
  await rig.control('POST', `/calls/${uuid}/dtmf`, { digits: '7' })
  await eventually(() => socket.texts).toContainEqual({ event: 'websocket:dtmf', digit: '7', duration: 220 })
  socket.connections[0]?.send('{"action":"notify","payload":{"a":1}}')
  await eventually(() => socket.texts).toContainEqual({ event: 'websocket:notify', payload: { a: 1 } })
  socket.connections[0]?.send('{"action":"clear"}')
  await eventually(() => socket.texts).toContainEqual({ event: 'websocket:cleared' })
  await rig.control('DELETE', `/calls/${uuid}`)
  await eventually(() => eventsOf(uuid).at(-1)).toBe('call completed')
  expect(eventsOf(uuid)).toEqual([
    'call started',
    'call ringing',
    'call answered',
    'socket started',
    'socket answered',
    'socket completed',
    'call completed',
  ])
  expect(await view(uuid)).toMatchObject({ state: 'completed', frames: { lost: 0, foreign: 0, wrongSize: 0 } })
})

test('a busy answer URL is asked twice, then the fallback', async () => {
  answerWith(503, undefined, [{ action: 'talk', text: 'Sorry' }])
  const uuid = await dial()
  await eventually(async () => (await view(uuid)).state).toBe('completed')
  const paths = rig.application.received.map(({ path }) => path).filter((path) => path.startsWith('/webhooks/answer'))
  expect(paths).toEqual(['/webhooks/answer', '/webhooks/answer', '/webhooks/answer/fallback'])
})

test('an NCCO that is not valid is reported', async () => {
  answerWith(200, [{ action: 'dance' }])
  await dial()
  const event = await rig.application.next(({ body }) => typeof body.reason === 'string')
  expect(event.body.reason).toContain('Syntax error in NCCO')
})

test('a refused socket is reported, and the answer to that goes on', async () => {
  socket.mode = 'refuse'
  const sorry = [{ action: 'talk', text: 'Sorry, nobody is there.' }]
  rig.application.answer(({ path, body }) => {
    if (path === '/webhooks/answer') return { status: 200, body: ncco() }
    return body.status === 'failed' ? { status: 200, body: sorry } : { status: 200 }
  })
  const uuid = await dial()
  await eventually(async () => (await view(uuid)).state).toBe('completed')
  expect((await view(uuid)).ncco).toEqual(sorry)
})

test.each([
  ['close', 1011],
  ['wrong-size', 1006],
] as const)('%s ends the leg with %i, and disconnected is reported', async (mode, code) => {
  socket.mode = mode
  const uuid = await dial()
  await eventually(() => eventsOf(uuid)).toContain('socket disconnected')
  expect(await view(uuid)).toMatchObject({ frames: { end: { code } } })
})

test('REST: an outbound call, and hanging up only its socket leg', async () => {
  const made = await rig.vonage('POST', '/v1/calls', {
    to: [{ type: 'phone', number: '447700900011' }],
    from: { type: 'phone', number: '447700900000' },
    ncco: [...ncco(), { action: 'talk', text: 'Goodbye' }],
  })
  expect(made).toMatchObject({ status: 201, body: { status: 'started', direction: 'outbound' } })
  const uuid = String(made.body.uuid)
  await rig.control('POST', `/calls/${uuid}/answer`, {})
  await eventually(async () => (await framesOf(uuid)).echoed).toBeGreaterThan(2)
  const leg = asObject(asList((await view(uuid)).legs)[0])
  expect(await rig.vonage('PUT', `/v1/calls/${String(leg?.uuid)}`, { action: 'hangup' })).toMatchObject({ status: 204 })
  await eventually(() => eventsOf(uuid).at(-1)).toBe('call completed')
  expect(eventsOf(uuid)).not.toContain('socket disconnected')
  expect((await rig.vonage('PUT', '/v1/calls/none', { action: 'hangup' })).status).toBe(404)
  expect((await rig.vonage('POST', '/v1/calls', { to: [] })).status).toBe(400)
})

test('REST: a call that the person declines, and one that is taken back', async () => {
  const place = async () => {
    const to = [{ type: 'phone', number: '447700900011' }]
    const make = () => rig.vonage('POST', '/v1/calls', { to, random_from_number: true, ncco: ncco() })
    // Three calls a second: the tests before may have used them up.
    await expect.poll(async () => (made = await make()).status, { interval: 400, timeout: 4_000 }).toBe(201)
    return String(made?.body.uuid)
  }
  let made: Awaited<ReturnType<Rig['vonage']>> | undefined
  rig.world.clock.set({ speed: 1 })
  const declined = await place()
  await rig.control('DELETE', `/calls/${declined}`)
  const event = await rig.application.next(({ body }) => body.uuid === declined && body.status === 'rejected')
  expect(event.body.detail).toBe('declined')
  const cancelled = await place()
  await rig.vonage('PUT', `/v1/calls/${cancelled}`, { action: 'hangup' })
  await rig.application.next(({ body }) => body.uuid === cancelled && body.status === 'cancelled')
})

test('the ledger tells lost, foreign and late frames apart', () => {
  let at = 0
  const ledger = createFrameLedger(() => at)
  const frames = ['a', 'b', 'c', 'd'].map((text) => Buffer.from(text))
  for (const frame of frames) ledger.sent(frame)
  at = 8
  ledger.received(Buffer.from('a'))
  ledger.received(Buffer.from('x'))
  ledger.received(Buffer.from('d'))
  expect(ledger.summary()).toMatchObject({ sent: 4, received: 3, echoed: 2, lost: 2, foreign: 1 })
  expect(ledger.summary().roundTripMs).toEqual({ p50: 8, p90: 8, p99: 8, max: 8 })
})

test('the play-out queue holds a minute; marks come after what was queued before', () => {
  const playOut = createPlayOut(2)
  const marks: string[] = []
  playOut.mark(() => marks.push('at once'))
  for (const text of ['a', 'b', 'c']) playOut.push(Buffer.from(text))
  playOut.mark(() => marks.push('after b'))
  expect(playOut.next()?.toString()).toBe('a')
  expect(marks).toEqual(['at once'])
  playOut.next()
  expect(marks).toEqual(['at once', 'after b'])
  expect(playOut.next()).toBeNull()
  expect(playOut.summary()).toEqual({ queued: 0, overflowed: 1, played: 2 })
})

test('wss:// to a plain server on this machine falls back to ws://, and the log says so', async () => {
  const uri = socket.url.replace('ws:', 'wss:')
  answerWith(200, ncco({ uri }))
  const uuid = await dial()
  await eventually(async () => (await framesOf(uuid)).echoed).toBeGreaterThan(3)
  const lines = rig.world.log.list({ about: uuid }).filter(({ kind }) => kind === 'socket')
  expect(lines.map(({ url, status, verdict }) => ({ url, status, verdict }))).toEqual([
    { url: uri, status: null, verdict: 'no TLS there, ws:// follows' },
    { url: socket.url, status: 101, verdict: 'wss:// found no TLS there, ws:// is open' },
  ])
  await rig.control('DELETE', `/calls/${uuid}`)
})

test('a handshake that the application refuses is no reason to try without TLS', async () => {
  socket.mode = 'refuse'
  const uuid = await dial()
  await eventually(() => rig.world.log.list({ about: uuid }).filter(({ kind }) => kind === 'socket')).toMatchObject([
    { url: socket.url, status: 401, verdict: 'WebSocket not open' },
  ])
})
