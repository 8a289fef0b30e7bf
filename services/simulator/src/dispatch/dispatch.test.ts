import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { asObject } from '../messages/read-body.ts'
import { startRig, type Rig } from '../testing/start.ts'
import type { DispatchStep } from './validate.ts'
import { judge } from './workflows.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig({ enforceWindows: false })
})
afterAll(() => rig[Symbol.asyncDispose]())
beforeEach(() => {
  rig.world.reset()
  rig.world.account.change({ enforceWindows: false })
  rig.application.received.length = 0
})

const content = { content: { type: 'text', text: 'Alert' } }
const onMessenger = {
  from: { type: 'messenger', id: '100000001' },
  to: { type: 'messenger', id: '9000000001' },
  message: content,
}
const onViber = {
  from: { type: 'viber_service_msg', id: 'Switchboard' },
  to: { type: 'viber_service_msg', number: '447700900011' },
  message: content,
}
const onSms = { from: { type: 'sms', number: 'ACME' }, to: { type: 'sms', number: '447700900011' }, message: content }
const failover = { expiry_time: 600, condition_status: 'read' }
const workflow = [{ ...onMessenger, failover }, { ...onViber, failover: { ...failover, expiry_time: '300' } }, onSms]

const dispatch = (steps: unknown, path = '/v0.1/dispatch') =>
  rig.vonage('POST', path, { template: 'failover', workflow: steps })
const report = async () => (await rig.application.next(({ body }) => body.template === 'failover')).body
const thread = (channel: 'messenger' | 'viber_service' | 'sms', address: string) =>
  rig.world.messages.thread(channel, address)

test('reading in time completes the workflow', async () => {
  const { status, body } = await dispatch(workflow, '/v0.1/dispatch/')
  expect(status).toBe(202)
  await rig.control('POST', '/phones/messenger/9000000001/read', {})
  const read = await rig.application.next((webhook) => webhook.body.status === 'read')
  expect(asObject(read.body._links)?.workflow).toMatchObject({ dispatch_uuid: body.dispatch_uuid })
  expect(await report()).toMatchObject({ dispatch_uuid: body.dispatch_uuid, status: 'completed' })
  rig.world.clock.step(2_000_000)
  expect(thread('viber_service', '447700900011')).toHaveLength(0)
})

test('each step gets its time, and the last one completes when it is delivered', async () => {
  await dispatch(workflow)
  rig.world.clock.step(570_000)
  expect(thread('viber_service', '447700900011')).toHaveLength(0)
  rig.world.clock.step(31_000)
  expect(thread('viber_service', '447700900011')).toHaveLength(1)
  rig.world.clock.step(301_000)
  expect(thread('sms', '447700900011')).toHaveLength(1)
  rig.world.clock.step(1_000)
  expect(await report()).toMatchObject({
    status: 'completed',
    _links: {
      messages: [{ channel: 'messenger' }, { channel: 'viber_service_msg' }, { channel: 'sms', status: 'delivered' }],
    },
  })
})

test('a rejection goes on at once; when all are rejected the report says error', async () => {
  await rig.control('PUT', '/phones/9000000001/switches', { roaming: true })
  await dispatch(workflow)
  expect(await report()).toMatchObject({ status: 'error' })
})

test.each([
  ['template', { template: 'other', workflow }],
  ['workflow', { template: 'failover' }],
  ['workflow[0].failover', { template: 'failover', workflow: [onMessenger, onSms] }],
  [
    'workflow[1].failover',
    {
      template: 'failover',
      workflow: [
        { ...onMessenger, failover },
        { ...onSms, failover },
      ],
    },
  ],
  [
    'workflow[0].failover.expiry_time',
    { template: 'failover', workflow: [{ ...onSms, failover: { ...failover, expiry_time: 14 } }, onSms] },
  ],
  [
    'workflow[0].failover.condition_status',
    { template: 'failover', workflow: [{ ...onSms, failover: { ...failover, condition_status: 'seen' } }, onSms] },
  ],
])('%s is refused by name', async (name, body) => {
  const answer = await rig.vonage('POST', '/v0.1/dispatch', body)
  expect(answer).toMatchObject({ status: 400, body: { invalid_parameters: { name } } })
})

const step = (condition: 'read' | 'delivered' | null): DispatchStep => ({
  message: { channel: 'sms', address: '', sender: '', content: { type: 'text', text: '' } },
  failover: condition && { expiryMs: 1, condition },
})

test.each([
  ['read', 'submitted', 'wait'],
  ['read', 'delivered', 'wait'],
  ['read', 'read', 'met'],
  ['delivered', 'read', 'met'],
  ['delivered', 'delivered', 'met'],
  [null, 'delivered', 'met'],
  [null, 'rejected', 'failed'],
  ['read', 'undeliverable', 'failed'],
] as const)('condition %s, status %s: %s', (condition, status, verdict) => {
  expect(judge(step(condition), status)).toBe(verdict)
})
