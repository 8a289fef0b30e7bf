import { createHash, createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { connectSimulator } from '../support/simulator.ts'
import type { Simulator } from '../support/simulator.ts'
import { startTestStack } from '../support/test-stack.ts'
import type { TestStack } from '../support/test-stack.ts'

const credentials = {
  VONAGE_API_KEY: 'abcd1234',
  VONAGE_API_SECRET: 'caller-secret',
  VONAGE_SIGNATURE_SECRET: 'sim-signature-secret-0123456789abcdef',
}

interface Webhook {
  path: string | undefined
  body: { status: string; message_uuid?: string; template?: string; [member: string]: unknown }
  isSigned: boolean
}

let stack: TestStack
let simulator: Simulator
const webhooks: Webhook[] = []
const caller = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks)
  webhooks.push({
    path: request.url,
    body: JSON.parse(raw.toString()),
    isSigned: isSignedLikeVonage(request.headers.authorization, raw),
  })
  response.end()
})

beforeAll(async () => {
  await new Promise<void>((listening) => void caller.listen(0, '127.0.0.1', listening))
  const { port } = caller.address() as AddressInfo
  stack = await startTestStack({
    redisServerUrl: inject('redisUrl'),
    env: {
      ...credentials,
      DISPATCH_STATUS_URL: `http://127.0.0.1:${port}/status`,
      DISPATCH_INBOUND_URL: `http://127.0.0.1:${port}/inbound`,
    },
  })
  simulator = connectSimulator(stack.addresses.simulator)
})
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]()
  caller.close()
})

const basic = `Basic ${Buffer.from(`${credentials.VONAGE_API_KEY}:${credentials.VONAGE_API_SECRET}`).toString('base64')}`

function dispatch(body: object, authorization = basic): Promise<Response> {
  return fetch(`${stack.addresses.ingress}/v0.1/dispatch`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function workflow(messengerId: string, number: string) {
  const message = { content: { type: 'text', text: 'Server down' } }
  return {
    template: 'failover',
    workflow: [
      {
        from: { type: 'messenger', id: '100000001' },
        to: { type: 'messenger', id: messengerId },
        message,
        failover: { expiry_time: '600', condition_status: 'read' },
      },
      { from: { type: 'sms', number: '447700900000' }, to: { type: 'sms', number }, message },
    ],
  }
}

test('a program written for Dispatch gets the same answers and webhooks from us', async () => {
  const messenger = simulator.phone('messenger')
  const sms = simulator.phone('sms')
  await messenger.sends('hello')
  await messenger.turns({ roaming: true })

  const answer = await dispatch(workflow(messenger.address, sms.address))
  expect(answer.status, await answer.clone().text()).toBe(202)
  const { dispatch_uuid: uuid } = (await answer.json()) as { dispatch_uuid: string }
  expect(uuid).toMatch(/^[\da-f-]{36}$/)

  const received = await sms.expects('Server down')
  expect(received.text).toBe('Server down')
  await expect.poll(() => webhooks.some(({ body }) => body.template === 'failover')).toBe(true)

  const ofThis = webhooks.filter(({ body }) => JSON.stringify(body).includes(uuid))
  expect(ofThis.every(({ isSigned }) => isSigned)).toBe(true)
  const statuses = ofThis.filter(({ body }) => body.message_uuid !== undefined).map(({ body }) => body)
  expect(statuses.map(({ status }) => status)).toEqual(expect.arrayContaining(['rejected', 'submitted', 'delivered']))
  expect(statuses[0]).toMatchObject({ _links: { workflow: { dispatch_uuid: uuid } } })
  const report = ofThis.find(({ body }) => body.template === 'failover')?.body
  expect(report).toMatchObject({ dispatch_uuid: uuid, status: 'completed' })
  expect(report?._links).toMatchObject({
    messages: [
      { channel: 'messenger', status: 'rejected' },
      { channel: 'sms', status: 'delivered' },
    ],
  })
})

test('nothing that the program says about its messages is dropped', async () => {
  const messenger = simulator.phone('messenger')
  const whatsapp = simulator.phone('whatsapp')
  await messenger.sends('hello')
  await messenger.expects(/Send us a message/)
  const image = { url: 'https://example.com/graph.png', caption: 'Load of the last hour' }
  const answer = await dispatch({
    template: 'failover',
    workflow: [
      {
        from: { type: 'messenger', id: '100000001' },
        to: { type: 'messenger', id: messenger.address },
        message: {
          content: { type: 'text', text: 'Your account was locked' },
          messenger: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' },
        },
        client_ref: 'first of two',
        failover: { expiry_time: 15, condition_status: 'delivered' },
      },
      {
        from: { type: 'whatsapp', number: '447700900001' },
        to: { type: 'whatsapp', number: whatsapp.address },
        message: { content: { type: 'image', image } },
      },
    ],
  })
  expect(answer.status, await answer.clone().text()).toBe(202)
  const { dispatch_uuid: uuid } = (await answer.json()) as { dispatch_uuid: string }
  await messenger.expects('Your account was locked')
  const ofThis = () => webhooks.map(({ body }) => body).filter((body) => JSON.stringify(body).includes(uuid))
  await expect.poll(() => ofThis().some(({ template }) => template === 'failover')).toBe(true)
  const [delivered] = ofThis().filter(({ status, message_uuid: of }) => of !== undefined && status === 'delivered')
  expect(delivered).toMatchObject({ client_ref: 'first of two' })
  const usage = { currency: 'EUR', price: expect.stringMatching(/^0\.0*[1-9]/) as string }
  expect(ofThis().find(({ template }) => template === 'failover')).toMatchObject({
    usage,
    _links: { messages: [{ channel: 'messenger', status: 'delivered', usage }] },
  })
})

test('a picture goes out as a picture, where the one before it cannot be delivered', async () => {
  const messenger = simulator.phone('messenger')
  const whatsapp = simulator.phone('whatsapp')
  await whatsapp.sends('hello')
  await whatsapp.expects(/Send us a message/)
  await messenger.turns({ roaming: true })
  const image = { url: 'https://example.com/graph.png', caption: 'Load of the last hour' }
  await dispatch({
    template: 'failover',
    workflow: [
      {
        from: { type: 'messenger', id: '100000001' },
        to: { type: 'messenger', id: messenger.address },
        message: { content: { type: 'text', text: 'Look' } },
        failover: { expiry_time: 15, condition_status: 'delivered' },
      },
      {
        from: { type: 'whatsapp', number: '447700900001' },
        to: { type: 'whatsapp', number: whatsapp.address },
        message: { content: { type: 'image', image } },
      },
    ],
  })
  const received = await whatsapp.expects('Load of the last hour')
  const log = await simulator.log(received.message_uuid)
  expect(JSON.stringify(log)).toContain('https://example.com/graph.png')
})

test('what people reply is passed on to the program, and is not answered by us', async () => {
  const messenger = simulator.phone('messenger')
  const sms = simulator.phone('sms')
  await messenger.sends('hello')
  await messenger.expects(/Send us a message/)
  await dispatch(workflow(messenger.address, sms.address))
  await messenger.expects('Server down')
  await messenger.sends('on my way', { type: 'image', url: 'https://example.com/me.jpg' })
  await expect
    .poll(() => webhooks.filter(({ path }) => path === '/inbound'))
    .toMatchObject([
      {
        isSigned: true,
        body: {
          from: { type: 'messenger', id: messenger.address },
          message: {
            content: { type: 'image', image: { url: 'https://example.com/me.jpg', caption: 'on my way' } },
          },
        },
      },
    ])
  await messenger.expectsNothing(500)
})

test('a workflow that is wrong is refused as Dispatch refuses it', async () => {
  expect((await dispatch(workflow('9000000001', '447700900011'), 'Basic bm86bm8=')).status).toBe(401)

  const wrong = workflow('9000000001', '447700900011')
  wrong.workflow[0]!.failover!.expiry_time = '3'
  const answer = await dispatch(wrong)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ invalid_parameters: { name: 'workflow[0].failover.expiry_time' } })
})

test.each([
  ['at once', 0],
  ['later than all that becomes of it', 3_000],
])('with the engine dispatch each user is one workflow, and the walk goes on; Vonage answers %s', async (_, ms) => {
  const tony = simulator.phone('messenger')
  const tonySms = simulator.phone('sms')
  const michael = simulator.phone('whatsapp')
  for (const phone of [tony, michael]) await phone.sends('hello')
  for (const phone of [tony, michael]) await phone.expects(/Send us a message/)
  for (const phone of [tony, tonySms]) await phone.turns({ roaming: true })
  if (ms > 0) await simulator.breaks({ target: 'send', kind: 'hang', ms, address: tony.address })

  const id = await startAlert({
    text: 'Disk full',
    engine: 'dispatch',
    users: [
      {
        name: 'Tony',
        channels: [
          { type: 'messenger', id_num: tony.address },
          { type: 'sms', id_num: tonySms.address },
        ],
      },
      {
        name: 'Michael',
        channels: [
          { type: 'whatsapp', id_num: michael.address },
          { type: 'sms', id_num: simulator.phone('sms').address },
        ],
      },
    ],
  })
  await michael.expects('Disk full')
  await michael.reads()
  await expect
    .poll(() => readAlert(id))
    .toMatchObject({ state: 'attended', attendedBy: { user: 'Michael', channel: 'whatsapp', how: 'read' } })
  const contacted = new RegExp(`${tony.address}|${michael.address}`)
  const workflows = (await simulator.log()).filter(
    ({ url, body }) => url.includes('/v0.1/dispatch') && contacted.test(body ?? ''),
  )
  expect(workflows).toHaveLength(2)
  expect(JSON.parse(workflows[0]?.body ?? '')).toMatchObject({
    template: 'failover',
    workflow: [
      { to: { type: 'messenger', id: tony.address }, failover: { expiry_time: 600, condition_status: 'read' } },
      { to: { type: 'sms', number: tonySms.address } },
    ],
  })
})

const api = () => ({ authorization: `Bearer ${stack.addresses.apiToken}`, 'content-type': 'application/json' })

async function startAlert(body: object): Promise<string> {
  const url = `${stack.addresses.ingress}/api/alerts`
  const answer = await fetch(url, { method: 'POST', headers: api(), body: JSON.stringify(body) })
  expect(answer.status, await answer.clone().text()).toBe(202)
  await delay(200)
  return ((await answer.json()) as { id: string }).id
}

async function readAlert(id: string): Promise<unknown> {
  return (await fetch(`${stack.addresses.ingress}/api/alerts/${id}`, { headers: api() })).json()
}

function isSignedLikeVonage(authorization: string | undefined, raw: Buffer): boolean {
  const [head, claims, signature] = (authorization ?? '').replace('Bearer ', '').split('.')
  const expected = createHmac('sha256', credentials.VONAGE_SIGNATURE_SECRET)
    .update(`${head}.${claims}`)
    .digest('base64url')
  const { payload_hash: hash } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString() || '{}') as {
    payload_hash?: string
  }
  return signature === expected && hash === createHash('sha256').update(raw).digest('hex')
}
