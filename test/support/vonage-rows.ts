import {
  buildWorkflow,
  dispatchWorkflow,
  parseDeliveryReceipt,
  parseInboundSms,
  parseStatus,
} from '@switchboard/vonage'
import type { VonageClient } from '@switchboard/vonage'
import { expect } from 'vitest'

import { testMessage } from '../../packages/vonage/src/testing/stub-vonage.ts'
import { credentials, type Rig } from '../../services/simulator/src/testing/start.ts'
import { PERSON, senders } from './vonage-bodies.ts'

export interface Tools {
  rig: Rig
  client: (more?: object) => Promise<VonageClient>
}

type Check = (tools: Tools) => Promise<unknown>

/** A row of docs/vonage.md: how each column that it ticks is tried. */
export interface Row {
  /** We read what Vonage sends us. */
  understood?: Check
  /** We send it to Vonage. */
  sent?: Check
  /** The simulator does as Vonage does. */
  simulated?: Check
}

const now = () => Date.now()
const status = (name: string, more: object = {}) => ({
  message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
  channel: 'whatsapp',
  to: PERSON,
  from: senders.whatsapp,
  timestamp: '2026-01-02T03:04:05Z',
  status: name,
  client_ref: 'order-7',
  usage: { currency: 'EUR', price: '0.0333' },
  ...more,
})
const problem = {
  error: {
    type: 'https://developer.vonage.com/api-errors/messages#1340',
    title: '1340',
    detail: 'Outside the window',
    instance: 'a1b2',
  },
}
const understoodStatus =
  (body: object): Check =>
  async () =>
    expect(parseStatus(body, now()).kind).toBe('parsed')

/** A message that gets this far, and the webhook that says so. */
const reported =
  (wanted: string, { message = {}, before = async () => {} }: { message?: object; before?: Check } = {}): Check =>
  async (tools) => {
    const { rig } = tools
    await before(tools)
    const whatsapp = { channel: 'whatsapp', message_type: 'text', to: PERSON, from: senders.whatsapp, text: 'Hello' }
    const { body } = await rig.vonage('POST', '/v1/messages', { ...whatsapp, client_ref: 'order-7', ...message })
    const told = (given: Record<string, unknown>) => given.message_uuid === body.message_uuid && given.status === wanted
    const webhook = await rig.application.next((request) => told(request.body))
    expect(webhook.body).toMatchObject({ client_ref: 'order-7' })
    expect(parseStatus(webhook.body, now()).kind).toBe('parsed')
  }
const autoRead: Check = ({ rig }) => rig.control('PUT', `/phones/${PERSON}/switches`, { autoRead: true })
const roaming: Check = ({ rig }) => rig.control('PUT', `/phones/${PERSON}/switches`, { roaming: true })
const outage: Check = ({ rig }) =>
  rig.control('POST', '/faults', { target: 'send', kind: 'outcome', outcome: 'undeliverable' })
const workflow = { workflow: { workflow_id: '3Tc', items_number: '2', items_total: '2' } }
const v01 = {
  message_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
  to: { type: 'viber_service_msg', number: PERSON },
  from: { type: 'viber_service_msg', id: senders.viber_service },
  timestamp: '2026-01-02T03:04:05.678Z',
  status: 'rejected',
  error: { code: 1300, reason: 'Not part of the provider network' },
}
const failover = [
  { channel: 'sms', message_type: 'text', to: '447700900012', from: senders.sms, text: 'Hi', client_ref: 'second' },
]

export const statusRows: Record<string, Row> = {
  submitted: { understood: understoodStatus(status('submitted')), simulated: reported('submitted') },
  delivered: { understood: understoodStatus(status('delivered')), simulated: reported('delivered') },
  read: { understood: understoodStatus(status('read')), simulated: reported('read', { before: autoRead }) },
  rejected: {
    understood: understoodStatus(status('rejected', problem)),
    simulated: reported('rejected', { before: roaming }),
  },
  undeliverable: {
    understood: understoodStatus(status('undeliverable', problem)),
    simulated: reported('undeliverable', { before: outage }),
  },
  'of a failover workflow': {
    understood: understoodStatus(status('delivered', workflow)),
    simulated: async (tools) => {
      await reported('rejected', { before: roaming, message: { failover } })(tools)
      const second = await tools.rig.application.next(({ body }) => body.client_ref === 'second')
      expect(second.body.workflow).toMatchObject({ items_number: '2', items_total: '2' })
    },
  },
  'in the format of v0.1': {
    understood: understoodStatus(v01),
    simulated: reported('delivered', { message: { webhook_version: 'v0.1' } }),
  },
}

const inboundSms = {
  msisdn: PERSON,
  to: senders.sms,
  messageId: '0A0000000123ABCD1',
  text: 'hi',
  type: 'text',
  keyword: 'HI',
  'api-key': 'abcd1234',
  'message-timestamp': '2026-01-02 03:04:05',
}
const receipt = {
  msisdn: PERSON,
  to: senders.sms,
  'network-code': '23410',
  messageId: '0A0000000123ABCD1',
  price: '0.0333',
  status: 'delivered',
  scts: '2601020304',
  'err-code': '0',
  'message-timestamp': '2026-01-02 03:04:05',
}
const key = { api_key: credentials.apiKey, api_secret: credentials.apiSecret, from: senders.sms, to: PERSON }
const smsSent =
  (body: object): Check =>
  async ({ rig }) => {
    const { body: answer } = await rig.call('POST', '/sms/json', { ...key, ...body })
    expect(answer).toMatchObject({ messages: [{ status: '0' }] })
  }
const smsHeard = (more: object, sentFromPhone: object, expected: object): Row => ({
  understood: async () => expect(parseInboundSms({ ...inboundSms, ...more }, now()).kind).toBe('parsed'),
  simulated: async ({ rig }) => {
    rig.world.account.change({ smsApiDefault: 'sms' })
    await rig.control('POST', `/phones/sms/${PERSON}/messages`, sentFromPhone)
    const { query } = await rig.application.next(({ path }) => path === '/webhooks/inbound-sms')
    expect(query).toMatchObject(expected)
    expect(parseInboundSms(query, now()).kind).toBe('parsed')
  },
})
const sentBySmsApi =
  (text: string): Check =>
  async ({ client }) => {
    await using vonage = await client({ smsApi: 'sms' })
    expect((await vonage.send(testMessage({ to: PERSON, text }))).messageUuids).toHaveLength(1)
  }

export const smsRows: Record<string, Row> = {
  'text, sent': { sent: sentBySmsApi('Hello'), simulated: smsSent({ text: 'Hello' }) },
  'unicode, sent': { sent: sentBySmsApi('停止'), simulated: smsSent({ text: '停止', type: 'unicode' }) },
  'binary, sent': { simulated: smsSent({ type: 'binary', body: '0011', udh: '06050415811581' }) },
  'text, received': smsHeard({}, { text: 'hi' }, { type: 'text', text: 'hi', keyword: 'HI' }),
  'unicode, received': smsHeard({ type: 'unicode', text: '停止' }, { text: '停止' }, { type: 'unicode', text: '停止' }),
  'binary, received': smsHeard(
    { type: 'binary', data: 'FF', udh: '0003' },
    { type: 'binary', data: 'FF', udh: '0003' },
    { type: 'binary', data: 'FF' },
  ),
  'part of a long text, received': smsHeard(
    { concat: 'true', 'concat-ref': '7', 'concat-total': '2', 'concat-part': '1' },
    { text: 'x'.repeat(161) },
    { concat: 'true', 'concat-total': '2' },
  ),
  'delivery receipt': {
    understood: async () => expect(parseDeliveryReceipt(receipt, now()).kind).toBe('parsed'),
    simulated: async (tools) => {
      tools.rig.world.account.change({ smsApiDefault: 'sms' })
      await smsSent({ text: 'Hello' })(tools)
      const { query } = await tools.rig.application.next(({ path }) => path === '/webhooks/delivery-receipt')
      expect(query).toMatchObject({ msisdn: PERSON, status: 'delivered', 'err-code': '0' })
      expect(parseDeliveryReceipt(query, now()).kind).toBe('parsed')
    },
  },
}

const links = { _links: { workflow: { dispatch_uuid: 'd-1', href: '/workflows/d-1' } } }
const report = {
  dispatch_uuid: 'd-1',
  template: 'failover',
  status: 'completed',
  timestamp: '2026-01-02T03:04:05.678Z',
  usage: { price: '0.02', currency: 'EUR' },
  _links: { messages: [{ message_uuid: 'm-1', href: '/messages/m-1', channel: 'sms', status: 'delivered' }] },
}
const steps = [
  { channel: 'viber_service' as const, to: PERSON, text: 'Alert', expirySeconds: 15, condition: 'delivered' as const },
  { channel: 'sms' as const, to: PERSON, text: 'Alert' },
]
const started = async ({ rig }: Tools) =>
  String((await rig.vonage('POST', '/v0.1/dispatch', buildWorkflow({ senders, steps }))).body.dispatch_uuid)

export const dispatchRows: Record<string, Row> = {
  'failover workflow': {
    understood: async () => expect(dispatchWorkflow.safeParse(buildWorkflow({ senders, steps })).success).toBe(true),
    sent: async ({ client }) => {
      await using vonage = await client()
      expect(await vonage.dispatch(buildWorkflow({ senders, steps }))).toMatchObject({
        dispatchUuid: expect.any(String),
      })
    },
    simulated: async (tools) => expect(await started(tools)).toMatch(/^[0-9a-f-]{36}$/),
  },
  'status within a workflow': {
    understood: understoodStatus({ ...v01, ...links }),
    simulated: async (tools) => {
      const uuid = await started(tools)
      const told = ({ _links: given }: Record<string, unknown>) => JSON.stringify(given ?? '').includes(uuid)
      const { body } = await tools.rig.application.next(
        (request) => request.body.message_uuid !== undefined && told(request.body),
      )
      expect(parseStatus(body, now()).kind).toBe('parsed')
    },
  },
  'final report': {
    understood: understoodStatus(report),
    simulated: async (tools) => {
      const uuid = await started(tools)
      const isReport = (body: Record<string, unknown>) => body.dispatch_uuid === uuid && body.template === 'failover'
      const { body } = await tools.rig.application.next((request) => isReport(request.body))
      expect(parseStatus(body, now()).kind).toBe('parsed')
    },
  },
}
