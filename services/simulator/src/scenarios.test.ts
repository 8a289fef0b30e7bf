import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { asObject } from './messages/read-body.ts'
import { readScenarios, shippedScenarios } from './scenarios.ts'
import { eventually } from './testing/eventually.ts'
import { startRig, type Rig } from './testing/start.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => rig.world.reset())

const sms = { channel: 'sms', message_type: 'text', to: '447700900011', from: '447700900000', text: 'Hello' }
const send = () => rig.vonage('POST', '/v1/messages', sms)
const load = (name: string) => rig.control('POST', `/scenarios/${name}`)

test.each(readScenarios(shippedScenarios).map(({ name }) => name))('%s loads', async (name) => {
  expect((await load(name)).body).toEqual({ loaded: name })
})

test('busy: three times 429 with Retry-After, then accepted', async () => {
  await load('busy')
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const answer = await send()
    expect(answer).toMatchObject({ status: 429, body: { title: 'Rate Limit Hit' } })
    expect(answer.headers.get('retry-after')).toBe('1')
  }
  expect((await send()).status).toBe(202)
})

test('no-credit: 402', async () => {
  await load('no-credit')
  expect(await send()).toMatchObject({ status: 402, body: { title: 'Low balance' } })
})

test('new-account: no Dispatch, but Messages', async () => {
  await load('new-account')
  const refused = await rig.vonage('POST', '/v0.1/dispatch', {})
  expect(refused.status).toBe(401)
  expect(String(refused.body.type)).toContain('#unprovisioned')
  expect((await send()).status).toBe(202)
})

test('lost-answer: the connection breaks, and yet the message arrives', async () => {
  await load('lost-answer')
  await expect(send()).rejects.toThrow()
  await eventually(() => rig.world.messages.thread('sms', '447700900011')[0]?.status).toBe('delivered')
})

test('nobody-reachable: rejected', async () => {
  await load('nobody-reachable')
  await send()
  await eventually(() => rig.world.messages.thread('sms', '447700900011')[0]?.status).toBe('rejected')
})

test('a scenario that is not valid names the field', async () => {
  const answer = await rig.control('POST', '/scenarios', { faults: [{ target: 'send', kind: 'latency' }] })
  expect(answer.status).toBe(422)
  expect(asObject(answer.body)?.invalid_parameters).toBeDefined()
})

test('the control API describes itself', async () => {
  const { body } = await rig.call('GET', '/openapi.json')
  expect(Object.keys(asObject(body.paths) ?? {})).toContain('/control/phones/{channel}/{address}/messages')
})
