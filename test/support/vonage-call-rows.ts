import { once } from 'node:events'

import { askNcco, echoNcco, parseAnswer, parseCallEvent, parseKey, sayNcco } from '@switchboard/vonage'
import { expect } from 'vitest'
import { WebSocketServer } from 'ws'

import { testMessage } from '../../packages/vonage/src/testing/stub-vonage.ts'
import { PERSON, senders } from './vonage-bodies.ts'
import type { Row, Tools } from './vonage-rows.ts'

type Check = NonNullable<Row['simulated']>
type Body = Record<string, unknown>

const keysUrl = 'http://127.0.0.1:9/keys'
const TONY = '447700900011'
const now = () => Date.now()
const event = (status: string, more: object = {}) => ({
  from: senders.sms,
  to: PERSON,
  uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
  conversation_uuid: 'CON-1',
  status,
  direction: 'outbound',
  timestamp: '2026-01-02T03:04:05.678Z',
  ...more,
})
const understood =
  (body: object): Check =>
  async () =>
    expect(parseCallEvent(body, now()).kind).toBe('parsed')

/** Somebody calls us, and is answered with this. */
async function callIn({ rig }: Tools, ncco: object[]): Promise<string> {
  rig.application.answer(({ path }) => ({ status: 200, body: path === '/webhooks/answer' ? ncco : undefined }))
  return String((await rig.control('POST', '/calls', { from: PERSON })).body.uuid)
}

const told = async ({ rig }: Tools, fits: (body: Body) => boolean) =>
  (await rig.application.next(({ path, body }) => path === '/webhooks/events' && fits(body))).body

/** The person rings at Tony, who does something; his leg reports this. */
const leg =
  (status: string, act: (tools: Tools, uuid: string) => Promise<unknown>, more: object = {}): Check =>
  async (tools) => {
    const [uuid] = [await callIn(tools, [{ action: 'connect', endpoint: [{ type: 'phone', number: TONY }], ...more }])]
    const { uuid: tonys } = await told(tools, (body) => body.to === TONY && body.status === 'ringing')
    await act(tools, String(tonys))
    const body = await told(tools, (given) => given.status === status && given.uuid !== uuid)
    expect(parseCallEvent(body, now()).kind).toBe('parsed')
  }
const take =
  (by: string) =>
  ({ rig }: Tools, uuid: string) =>
    rig.control('POST', `/calls/${uuid}/answer`, { by })
const decline = ({ rig }: Tools, uuid: string) => rig.control('DELETE', `/calls/${uuid}`)
const cancel = ({ rig }: Tools, uuid: string) => rig.vonage('PUT', `/v1/calls/${uuid}`, { action: 'hangup' })
const nothing = async () => {}

/** The call itself reports this when it is answered so. */
const inCall =
  (
    ncco: object[],
    fits: (body: Body) => boolean,
    act: (tools: Tools, uuid: string) => Promise<unknown> = nothing,
  ): Check =>
  async (tools) => {
    const uuid = await callIn(tools, ncco)
    await told(tools, (body) => body.uuid === uuid && body.status === 'answered')
    await act(tools, uuid)
    await told(tools, fits)
  }
const says =
  (text: string): Check =>
  async (tools) => {
    const uuid = await callIn(tools, [{ action: 'talk', text }])
    await told(tools, (body) => body.uuid === uuid && body.status === 'completed')
    const { body } = await tools.rig.control('GET', `/calls/${uuid}`)
    expect(JSON.stringify(body.lines)).toContain(text)
  }
const runs = (ncco: object[]): Check => inCall(ncco, (body) => body.status === 'completed')

/** Our echo's NCCO leads to a socket, which ends the conversation at once. */
const socket =
  (fits: (body: Body) => boolean): Check =>
  async (tools) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    server.on('connection', (connection) => connection.once('message', () => connection.close(1000)))
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const call = { greeting: '', language: 'en-GB', sampleRate: 16_000, token: 't', headers: { call: '1' } } as const
    await inCall(echoNcco({ ...call, socketUrl: `ws://127.0.0.1:${port}` }), fits)(tools)
    server.close()
  }
const place: Check = async ({ client }) => {
  await using vonage = await client()
  const spoken = { keysUrl, language: 'en-GB', ringingSeconds: 30 }
  const message = testMessage({ to: PERSON, text: 'The database is down' })
  const call = { ...message, channel: 'voice' as const, call: spoken }
  expect((await vonage.send(call)).messageUuids).toHaveLength(1)
}
const put =
  (path: string, body: object): Check =>
  async (tools) => {
    const uuid = await callIn(tools, [{ action: 'wait', timeout: 600 }])
    await told(tools, (given) => given.uuid === uuid && given.status === 'answered')
    const { status } = await tools.rig.vonage('PUT', `/v1/calls/${uuid}${path}`, body)
    expect([200, 204]).toContain(status)
  }

const asked = {
  to: senders.sms,
  from: PERSON,
  uuid: 'aaaa',
  conversation_uuid: 'CON-1',
  region_url: 'https://api-eu-1.nexmo.com',
}
const dtmf = { uuid: 'aaaa', timestamp: '2026-01-02T03:04:05.678Z', dtmf: { digits: '1', timed_out: false } }

export const callRows: Record<string, Row> = {
  'answer webhook': {
    understood: async () => expect(parseAnswer(asked).kind).toBe('parsed'),
    simulated: async (tools) => {
      await callIn(tools, [{ action: 'talk', text: 'Hi' }])
      const { query } = await tools.rig.application.next(({ path }) => path === '/webhooks/answer')
      expect(parseAnswer(query).kind).toBe('parsed')
    },
  },
  'answer webhook, fallback': {
    understood: async () => expect(parseAnswer({ ...asked, reason: 'HTTP 503' }).kind).toBe('parsed'),
    simulated: async ({ rig }) => {
      rig.application.answer(({ path }) => ({ status: path === '/webhooks/answer' ? 503 : 200, body: [] }))
      await rig.control('POST', '/calls', { from: PERSON })
      const { query } = await rig.application.next(({ path }) => path === '/webhooks/answer/fallback')
      expect(parseAnswer(query)).toMatchObject({ kind: 'parsed', value: { reason: expect.any(String) } })
    },
  },
  'event: started': { understood: understood(event('started')), simulated: leg('started', nothing) },
  'event: ringing': { understood: understood(event('ringing')), simulated: leg('ringing', nothing) },
  'event: answered': {
    understood: understood(event('answered', { rate: null })),
    simulated: leg('answered', take('person')),
  },
  'event: busy': { understood: understood(event('busy')) },
  'event: timeout': { understood: understood(event('timeout')) },
  'event: cancelled': { understood: understood(event('cancelled')), simulated: leg('cancelled', cancel) },
  'event: unanswered': {
    understood: understood(event('unanswered', { detail: 'timeout' })),
    simulated: leg('unanswered', nothing, { timeout: 1 }),
  },
  'event: rejected': {
    understood: understood(event('rejected', { detail: 'declined' })),
    simulated: leg('rejected', decline),
  },
  'event: failed': {
    understood: understood(event('failed', { detail: 'cannot_route' })),
    simulated: inCall(
      [{ action: 'connect', endpoint: [{ type: 'vbc', extension: '1' }] }],
      (body) => body.status === 'failed' && body.detail === 'cannot_route',
    ),
  },
  'event: human': {
    understood: understood(event('human', { uuid: undefined, call_uuid: 'aaaa' })),
    simulated: leg('human', take('person'), { machineDetection: 'continue' }),
  },
  'event: machine': {
    understood: understood(event('machine', { uuid: undefined, call_uuid: 'aaaa', sub_state: 'beep_start' })),
    simulated: leg('machine', take('machine'), { machineDetection: 'hangup' }),
  },
  'event: disconnected': {
    understood: understood(event('disconnected', { to: 'wss://app.example/socket', headers: { call: '1' } })),
    simulated: socket((body) => body.status === 'disconnected'),
  },
  'event: completed': {
    understood: understood(event('completed', { duration: '3', price: '0.01', rate: '0.02', network: '23410' })),
    simulated: runs([{ action: 'talk', text: 'Bye' }]),
  },
  'result: keys': {
    understood: async () => expect(parseKey(dtmf, now()).kind).toBe('parsed'),
    simulated: inCall(
      [{ action: 'input', type: ['dtmf'], dtmf: { maxDigits: 1, timeOut: 10 } }],
      (body) => parseKey(body, now()).kind === 'parsed' && body.dtmf !== undefined,
      ({ rig }, uuid) => rig.control('POST', `/calls/${uuid}/dtmf`, { digits: '1' }),
    ),
  },
  'result: speech': {
    simulated: inCall(
      [{ action: 'input', type: ['speech'], speech: { startTimeout: 1 } }],
      (body) => body.speech !== undefined,
    ),
  },
  'result: recording': { simulated: inCall([{ action: 'record' }], (body) => body.recording_url !== undefined) },
  'result: transfer': {
    simulated: inCall([{ action: 'conversation', name: 'room' }], (body) => body.conversation_uuid_to !== undefined),
  },
  'NCCO: talk': {
    sent: async (tools) => runs(sayNcco({ text: 'Hi', language: 'en-GB' }))(tools),
    simulated: says('Hello'),
  },
  'NCCO: input': {
    sent: async (tools) => runs(askNcco({ text: 'Hi', language: 'en-GB', keysUrl }))(tools),
    simulated: inCall([{ action: 'input', type: ['dtmf'] }], (body) => body.dtmf !== undefined),
  },
  'NCCO: connect to a WebSocket': {
    sent: socket((body) => body.status === 'completed'),
    simulated: socket((body) => body.status === 'answered' && body.headers !== undefined),
  },
  'NCCO: connect to a phone': {
    simulated: leg('completed', async (tools, uuid) => {
      await take('person')(tools, uuid)
      await told(tools, (body) => body.uuid === uuid && body.status === 'answered')
      await decline(tools, uuid)
    }),
  },
  'NCCO: stream': { simulated: runs([{ action: 'stream', streamUrl: ['https://example.com/a.mp3'] }]) },
  'NCCO: wait': { simulated: runs([{ action: 'wait', timeout: 1 }]) },
  'NCCO: notify': {
    simulated: async (tools) => {
      const eventUrl = [`${tools.rig.application.url}/webhooks/events`]
      await inCall([{ action: 'notify', payload: { a: 1 }, eventUrl }], (body) => body.payload !== undefined)(tools)
    },
  },
  'place a call': { sent: place, simulated: place },
  'hang up': {
    sent: async (tools) => {
      await using vonage = await tools.client()
      await put('', { action: 'mute' })(tools)
      const [call] = tools.rig.calls.list()
      await vonage.hangUp({ uuid: call?.uuid ?? '' })
      await told(tools, (body) => body.uuid === call?.uuid && body.status === 'completed')
    },
    simulated: put('', { action: 'hangup' }),
  },
  'transfer, mute, earmuff': {
    simulated: async (tools) => {
      for (const action of ['mute', 'unmute', 'earmuff', 'unearmuff']) await put('', { action })(tools)
      await put('', { action: 'transfer', destination: { type: 'ncco', ncco: [{ action: 'talk', text: 'Hi' }] } })(
        tools,
      )
    },
  },
  'talk, stream and DTMF into a call': {
    simulated: async (tools) => {
      await put('/talk', { text: 'Hi' })(tools)
      await put('/stream', { stream_url: ['https://example.com/a.mp3'] })(tools)
      await put('/dtmf', { digits: '1' })(tools)
    },
  },
  'list of calls': {
    simulated: async (tools) => {
      await put('', { action: 'mute' })(tools)
      const { body } = await tools.rig.vonage('GET', '/v1/calls?status=answered', undefined)
      expect(body).toMatchObject({ count: 1, record_index: 0 })
    },
  },
}
