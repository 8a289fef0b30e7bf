import { createServer } from 'node:http'

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'

import { asList, asObject } from '../messages/read-body.ts'
import { portOf, type Received } from '../testing/application.ts'
import { eventually } from '../testing/eventually.ts'
import { startRig, tokenFor, type Rig } from '../testing/start.ts'

const ALICE = '447700900010'
const TONY = '447700900011'
const OURS = '447700900000'

let rig: Rig
const http = createServer()
const sockets = new WebSocketServer({ server: http })
const heard: unknown[] = []
let socketUrl = ''

beforeAll(async () => {
  rig = await startRig()
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer, isBinary) => void (isBinary || heard.push(JSON.parse(data.toString()))))
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  socketUrl = `ws://127.0.0.1:${portOf(http.address())}/socket`
})
afterAll(async () => {
  await rig[Symbol.asyncDispose]()
  sockets.close()
  http.closeAllConnections()
  http.close()
})
beforeEach(() => {
  rig.application.received.length = 0
  heard.length = 0
})
afterEach(() => rig.world.reset())

const answerWith = (body: unknown, event: (request: Received) => unknown = () => undefined) =>
  rig.application.answer((request) => {
    if (request.path === '/webhooks/answer') return { status: 200, body }
    return { status: 200, body: event(request) }
  })
const dial = async (from = ALICE) => String((await rig.control('POST', '/calls', { from })).body.uuid)
const view = async (uuid: string) => (await rig.control('GET', `/calls/${uuid}`)).body
const linesOf = async (uuid: string) => asList((await view(uuid)).lines).map((line) => asObject(line)?.text)
const event = (fits: (body: Record<string, unknown>) => boolean) =>
  rig.application.next(({ path, body }) => path === '/webhooks/events' && fits(body))
/** Three calls a second: the tests before may have used them up. */
const place = async (body: object) => {
  let made = await rig.vonage('POST', '/v1/calls', { from: { type: 'phone', number: OURS }, ...body })
  while (made.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 350))
    made = await rig.vonage('POST', '/v1/calls', { from: { type: 'phone', number: OURS }, ...body })
  }
  expect(made.status).toBe(201)
  return String(made.body.uuid)
}
/** The call that rings at somebody's phone now. */
const ringing = async (number: string) => {
  const find = () =>
    rig.world.people.find(number) && callsNow().find(({ rings, endedAt }) => rings === number && !endedAt)
  await eventually(find).toBeTruthy()
  return String(find()?.uuid)
}
const callsNow = () => rig.calls.list()
const statusesOf = (uuid: string) =>
  rig.application.received.filter(({ body }) => body.uuid === uuid && body.status).map(({ body }) => body.status)

const ids = (body: Record<string, unknown>) =>
  asList(asObject(body._embedded)?.calls).map((call) => asObject(call)?.uuid)

test('connect to another phone: it rings, both legs report, and what follows goes on', async () => {
  answerWith([
    { action: 'connect', from: OURS, endpoint: [{ type: 'phone', number: TONY }] },
    { action: 'talk', text: 'Goodbye' },
  ])
  const uuid = await dial()
  const leg = await ringing(TONY)
  expect(await view(leg)).toMatchObject({ direction: 'outbound', from: OURS, to: TONY })
  expect((await view(leg)).conversationUuid).toBe((await view(uuid)).conversationUuid)
  await rig.control('POST', `/calls/${leg}/answer`, {})
  await event((body) => body.uuid === leg && body.status === 'answered')
  await rig.control('DELETE', `/calls/${leg}`)
  await event((body) => body.uuid === uuid && body.status === 'completed')
  expect(statusesOf(leg)).toEqual(['started', 'ringing', 'answered', 'completed'])
  expect(await linesOf(uuid)).toContain('Goodbye')
})

test('whoever called hangs up: the other phone stops', async () => {
  answerWith([{ action: 'connect', endpoint: [{ type: 'app', user: 'tony' }] }])
  const uuid = await dial()
  const leg = await ringing(TONY)
  await rig.control('POST', `/calls/${leg}/answer`, {})
  await event((body) => body.uuid === leg && body.status === 'answered')
  await rig.control('DELETE', `/calls/${uuid}`)
  await event((body) => body.uuid === leg && body.status === 'completed')
})

test.each([
  ['declines', { type: 'sip', uri: `sip:${TONY}@example.com` }, 'rejected'],
  ['is not there', { type: 'vbc', extension: '17' }, 'failed'],
] as const)('a synchronous connect to somebody who %s goes on with the answer to that', async (_name, to, status) => {
  const sorry = [{ action: 'talk', text: 'Nobody is there' }]
  const connect = { action: 'connect', eventType: 'synchronous', endpoint: [to] }
  answerWith([connect], ({ body }) => (body.status === status ? sorry : undefined))
  const uuid = await dial()
  if (status === 'rejected') await rig.control('DELETE', `/calls/${await ringing(TONY)}`)
  await eventually(() => linesOf(uuid)).toContain('Nobody is there')
})

test('a machine takes a connected call: its tone is reported, and the leg ends if that was asked for', async () => {
  const advancedMachineDetection = { behavior: 'hangup', mode: 'detect_beep' }
  answerWith([{ action: 'connect', endpoint: [{ type: 'phone', number: TONY }], advancedMachineDetection }])
  await dial()
  const leg = await ringing(TONY)
  await rig.control('POST', `/calls/${leg}/answer`, { by: 'machine' })
  await event((body) => body.call_uuid === leg && body.status === 'machine' && body.sub_state === 'beep_start')
  await event((body) => body.uuid === leg && body.status === 'completed')
})

test('a recording ends at a key, is told of, and can be fetched with a token', async () => {
  const eventUrl = [`${rig.application.url}/recorded`]
  answerWith([
    { action: 'record', endOnKey: '#', beepStart: true, eventUrl },
    { action: 'talk', text: 'Thank you' },
  ])
  const uuid = await dial()
  await eventually(() => linesOf(uuid)).toContain('recording')
  await rig.control('POST', `/calls/${uuid}/dtmf`, { digits: '#' })
  const { body } = await rig.application.next(({ path }) => path === '/recorded')
  expect(body.recording_url).toBe(`${rig.url}/v1/files/${String(body.recording_uuid)}`)
  const fetchIt = async (headers: Record<string, string>) => fetch(String(body.recording_url), { headers })
  expect((await fetchIt({})).status).toBe(401)
  const file = await fetchIt({ authorization: `Bearer ${await tokenFor()}` })
  const bytes = Buffer.from(await file.arrayBuffer())
  expect(file.headers.get('content-type')).toContain('audio/wav')
  expect(bytes.subarray(0, 4).toString()).toBe('RIFF')
  expect(bytes.length).toBe(body.size)
  await eventually(() => linesOf(uuid)).toContain('Thank you')
})

test('a recording without an end of its own goes on to the end of the call', async () => {
  answerWith([{ action: 'record' }, { action: 'talk', text: 'This call is recorded' }])
  await dial()
  const { body } = await event((given) => given.recording_url !== undefined)
  expect(Number(body.size)).toBeGreaterThan(44)
})

test('two calls in one conversation: each says where it moved, and whoever may ends it for both', async () => {
  answerWith([{ action: 'conversation', name: 'standup', endOnExit: true }])
  const [first, second] = [await dial(), await dial(TONY)]
  const moved = async (uuid: string) =>
    (await event((body) => body.uuid === uuid && body.conversation_uuid_to !== undefined)).body
  const to = (await moved(first)).conversation_uuid_to
  expect((await moved(second)).conversation_uuid_to).toBe(to)
  const { body } = await rig.vonage('GET', `/v1/calls?conversation_uuid=${String(to)}`, undefined)
  expect(body).toMatchObject({ count: 2 })
  await rig.control('DELETE', `/calls/${first}`)
  await event((given) => given.uuid === second && given.status === 'completed')
})

test('a conversation is recorded once, from the first to the last who is there', async () => {
  const eventUrl = [`${rig.application.url}/recorded`]
  answerWith([{ action: 'conversation', name: 'minutes', record: true, eventUrl }])
  const [first, second] = [await dial(), await dial(TONY)]
  await eventually(() => linesOf(second)).toContain('in the conversation minutes, 2 there')
  await rig.control('DELETE', `/calls/${first}`)
  await event((body) => body.uuid === first && body.status === 'completed')
  const told = () => rig.application.received.filter(({ path }) => path === '/recorded')
  expect(told()).toEqual([])
  await rig.control('DELETE', `/calls/${second}`)
  const { body } = await rig.application.next(({ path }) => path === '/recorded')
  expect(body.conversation_uuid).toBe((await view(second)).conversationUuid)
  await event((given) => given.uuid === second && given.status === 'completed')
  expect(told()).toHaveLength(1)
})

test('what is said is heard by an input, and silence is reported', async () => {
  const input = { action: 'input', type: ['speech'], speech: { language: 'en-GB', startTimeout: 5 } }
  answerWith([input, { action: 'talk', text: 'I see' }])
  const uuid = await dial()
  await eventually(async () => (await view(uuid)).hearsSpeech).toBe(true)
  expect((await rig.control('POST', `/calls/${uuid}/say`, { text: 'two tickets' })).body).toEqual({ isHeard: true })
  const said = await event((body) => body.uuid === uuid && body.speech !== undefined)
  expect(said.body).not.toHaveProperty('dtmf')
  expect(said.body.speech).toMatchObject({ results: [{ text: 'two tickets' }] })
  const silent = await dial(TONY)
  const nothing = await event((body) => body.uuid === silent && body.speech !== undefined)
  expect(nothing.body.speech).toEqual({ timeout_reason: 'start_timeout' })
})

test('a call goes on with what another URL answers', async () => {
  rig.application.answer(({ path }) => {
    if (path === '/webhooks/answer') return { status: 200, body: [{ action: 'wait', timeout: 600 }] }
    return { status: 200, body: path === '/elsewhere' ? [{ action: 'talk', text: 'Moved' }] : undefined }
  })
  const uuid = await dial()
  await event((body) => body.uuid === uuid && body.status === 'answered')
  const destination = { type: 'ncco', url: [`${rig.application.url}/elsewhere`] }
  expect((await rig.vonage('PUT', `/v1/calls/${uuid}`, { action: 'transfer', destination })).status).toBe(204)
  await eventually(() => linesOf(uuid)).toContain('Moved')
  await event((body) => body.uuid === uuid && body.conversation_uuid_to !== undefined)
})

test('methods of a call of ours: its answer URL by POST, its events by GET', async () => {
  rig.application.answer(({ path }) => ({
    status: 200,
    body: path === '/mine' ? [{ action: 'talk', text: 'Hi' }] : undefined,
  }))
  const uuid = await place({
    to: [{ type: 'phone', number: TONY }],
    answer_url: [`${rig.application.url}/mine`],
    answer_method: 'POST',
    event_url: [`${rig.application.url}/my-events`],
    event_method: 'GET',
  })
  await rig.control('POST', `/calls/${uuid}/answer`, {})
  const asked = await rig.application.next(({ path }) => path === '/mine')
  expect(asked).toMatchObject({ method: 'POST', body: { uuid, endpoint_type: 'phone' } })
  const told = await rig.application.next(({ path, query }) => path === '/my-events' && query.status === 'completed')
  expect(told).toMatchObject({ method: 'GET', query: { uuid } })
})

test("a call to an application's own socket: the socket is the call", async () => {
  const endpoint = { type: 'websocket', uri: socketUrl, 'content-type': 'audio/l16;rate=8000', headers: { a: 'b' } }
  const uuid = await place({ to: [endpoint], ncco: [{ action: 'wait', timeout: 600 }] })
  await eventually(() => heard).toContainEqual({
    event: 'websocket:connected',
    'content-type': 'audio/l16;rate=8000',
    a: 'b',
  })
  await rig.vonage('PUT', `/v1/calls/${uuid}/dtmf`, { digits: '17' })
  await eventually(() => heard).toContainEqual({ event: 'websocket:dtmf', digit: '7', duration: 200 })
  for (const socket of sockets.clients) socket.close(1000)
  const { body } = await event((given) => given.uuid === uuid && given.status === 'completed')
  expect(body.to).toBe(socketUrl)
})

test('keys that the application sends are heard by the person, and answer no input of its own', async () => {
  answerWith([{ action: 'input', type: ['dtmf'], dtmf: { timeOut: 10, maxDigits: 1 } }])
  const uuid = await dial()
  await event((body) => body.uuid === uuid && body.status === 'answered')
  expect((await rig.vonage('PUT', `/v1/calls/${uuid}/dtmf`, { digits: '1p2' })).body).toEqual({
    message: 'DTMF sent',
    uuid,
  })
  expect((await rig.vonage('PUT', `/v1/calls/${uuid}/talk`, { text: 'One moment' })).body.message).toBe('Talk started')
  expect(await linesOf(uuid)).toEqual(expect.arrayContaining(['sends the keys 1p2', 'One moment']))
  await rig.control('POST', `/calls/${uuid}/dtmf`, { digits: '5' })
  expect((await event((body) => body.dtmf !== undefined)).body.dtmf).toEqual({ digits: '5', timed_out: false })
})

test('calls are listed page by page, by status and by time, as Vonage writes times', async () => {
  answerWith([{ action: 'wait', timeout: 600 }])
  const uuids = [await dial(), await dial(TONY), await dial('447700900012')]
  for (const uuid of uuids) await event((body) => body.uuid === uuid && body.status === 'answered')
  await rig.control('DELETE', `/calls/${uuids[1]}`)
  await event((body) => body.uuid === uuids[1] && body.status === 'completed')
  const ask = async (query: string) => (await rig.vonage('GET', `/v1/calls${query}`, undefined)).body
  const page = await ask('?page_size=2&record_index=1&order=asc')
  expect(page).toMatchObject({ count: 3, page_size: 2, record_index: 1 })
  expect(page._links).toEqual({ self: { href: '/v1/calls?page_size=2&record_index=1&order=asc' } })
  expect(ids(page)).toEqual(uuids.slice(1))
  expect(ids(await ask('?order=desc'))).toEqual(uuids.toReversed())
  expect(ids(await ask('?status=completed'))).toEqual([uuids[1]])
  expect(ids(await ask(`?date_start=${new Date(Date.now() + 60_000).toISOString()}`))).toEqual([])
  expect(ids(await ask(`?date_start=${new Date(Date.now() - 60_000).toISOString()}`))).toHaveLength(3)
  expect((await rig.vonage('GET', '/v1/calls?page_size=1000', undefined)).status).toBe(400)
  const one = (await rig.vonage('GET', `/v1/calls/${uuids[1]}`, undefined)).body
  expect(one).toMatchObject({ from: { type: 'phone', number: TONY }, to: { type: 'phone', number: OURS } })
  expect(one.start_time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
})

test('whoever listens for keys hears each of them, whatever else goes on', async () => {
  answerWith([{ action: 'wait', timeout: 600 }])
  const uuid = await dial()
  await event((body) => body.uuid === uuid && body.status === 'answered')
  const listening = { event_url: [`${rig.application.url}/keys`] }
  expect((await rig.vonage('PUT', `/v1/calls/${uuid}/input/dtmf`, listening)).status).toBe(204)
  await rig.control('POST', `/calls/${uuid}/dtmf`, { digits: '7' })
  const { body } = await rig.application.next(({ path }) => path === '/keys')
  expect(body).toMatchObject({ uuid, dtmf: { digits: '7' } })
  expect((await rig.vonage('DELETE', `/v1/calls/${uuid}/input/dtmf`, undefined)).status).toBe(204)
})
