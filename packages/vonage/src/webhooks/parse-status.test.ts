import { describe, expect, test } from 'vitest'

import { parseStatus } from './parse-status.ts'

const RECEIVED_AT = Date.UTC(2026, 0, 2, 3, 4, 10)
const AT = Date.UTC(2026, 0, 2, 3, 4, 5)

const v1 = {
  message_uuid: 'uuid-1',
  channel: 'sms',
  to: '447700900010',
  from: '447700900001',
  timestamp: '2026-01-02T03:04:05Z',
  status: 'delivered',
  client_ref: 'feed-42',
}
const v01 = {
  message_uuid: 'uuid-1',
  to: { type: 'viber_service_msg', number: '447700900010' },
  from: { type: 'viber_service_msg', id: 'Service' },
  timestamp: '2026-01-02T03:04:05.000Z',
  status: 'read',
}
const parsed = {
  kind: 'message',
  messageUuid: 'uuid-1',
  clientRef: 'feed-42',
  channel: 'sms',
  to: '447700900010',
  state: 'delivered',
  at: AT,
  receivedAt: RECEIVED_AT,
}
const parsedV01 = { ...parsed, clientRef: undefined, channel: 'viber_service', state: 'read' }
const rejected = (error: unknown) => ({ ...v1, status: 'rejected', error })
const withError = (code: string, reason: string) => ({ ...parsed, state: 'rejected', error: { code, reason } })
const problem = { type: 'https://developer.vonage.com/api-errors/messages#1340', detail: 'outside the window' }

describe('of a message', () => {
  test.each<[string, unknown, object]>([
    ['v1', v1, parsed],
    [
      'v1 with everything',
      {
        ...v1,
        usage: { currency: 'EUR', price: '0.0333' },
        destination: { network_code: '23410' },
        sms: { count_total: '2' },
        workflow: { workflow_id: 'x', items_number: '2', items_total: '2' },
      },
      { ...parsed, price: '0.0333', currency: 'EUR' },
    ],
    ['a price as a number', { ...v1, usage: { price: 0.0333 } }, { ...parsed, price: '0.0333' }],
    ['usage of null', { ...v1, usage: null, error: null }, parsed],
    [
      'without an address',
      { message_uuid: 'uuid-1', status: 'read' },
      { kind: 'message', messageUuid: 'uuid-1', state: 'read', at: RECEIVED_AT, receivedAt: RECEIVED_AT },
    ],
    ['a channel of others', { ...v1, channel: 'rcs' }, { ...parsed, channel: undefined }],
    ['v1 error with the code as title', rejected({ ...problem, title: '1340' }), withError('1340', problem.detail)],
    ['v1 error with a number as title', rejected({ ...problem, title: 1340 }), withError('1340', problem.detail)],
    ['v1 error with words as title', rejected({ ...problem, title: 'Outside' }), withError('1340', problem.detail)],
    ['v1 error with words only', rejected({ title: 'Odd' }), withError('Odd', 'Odd')],
    ['v1 error that is empty', rejected({}), withError('unknown', 'no reason given')],
    ['v0.1', v01, parsedV01],
    [
      'v0.1 error',
      { ...v01, status: 'rejected', error: { code: 1300, reason: 'Not part of the provider network' } },
      { ...parsedV01, state: 'rejected', error: { code: '1300', reason: 'Not part of the provider network' } },
    ],
    [
      'of Dispatch',
      { ...v01, _links: { workflow: { dispatch_uuid: 'dispatch-1', href: '/workflows/x' } } },
      { ...parsedV01, dispatchUuid: 'dispatch-1' },
    ],
    ['undeliverable', { ...v1, status: 'undeliverable' }, { ...parsed, state: 'undeliverable' }],
  ])('%s', (_, body, value) => {
    expect(parseStatus(body, RECEIVED_AT)).toEqual({ kind: 'parsed', value })
  })
})

describe('final report', () => {
  const report = {
    dispatch_uuid: 'dispatch-1',
    template: 'failover',
    status: 'completed',
    timestamp: '2026-01-02T03:04:05.000Z',
    usage: { price: '0.02', currency: 'EUR' },
    _links: {
      messages: [
        { message_uuid: 'uuid-1', href: '…', channel: 'viber_service_msg', status: 'delivered' },
        { message_uuid: 'uuid-2', channel: 'viber_sevice_msg', status: 'read' },
        { message_uuid: 'uuid-3', status: 'odd' },
      ],
    },
  }

  test('names its messages', () => {
    expect(parseStatus(report, RECEIVED_AT)).toEqual({
      kind: 'parsed',
      value: {
        kind: 'dispatch-report',
        dispatchUuid: 'dispatch-1',
        status: 'completed',
        at: AT,
        receivedAt: RECEIVED_AT,
        messages: [
          { messageUuid: 'uuid-1', channel: 'viber_service', status: 'delivered' },
          { messageUuid: 'uuid-2', channel: 'viber_service', status: 'read' },
          { messageUuid: 'uuid-3', channel: undefined, status: 'odd' },
        ],
      },
    })
  })

  test('may have none', () => {
    expect(parseStatus({ dispatch_uuid: 'd', status: 'error' }, RECEIVED_AT)).toMatchObject({
      value: { status: 'error', messages: [] },
    })
  })

  test('of an unknown kind is kept', () => {
    expect(parseStatus({ ...report, status: 'paused' }, RECEIVED_AT)).toMatchObject({ kind: 'unrecognised' })
    expect(parseStatus({ ...report, _links: 7 }, RECEIVED_AT)).toMatchObject({ kind: 'unrecognised' })
  })
})

test.each([
  undefined,
  null,
  'x',
  [[]],
  {},
  { ...v1, status: 'pondered' },
  { ...v1, status: 7 },
  { ...v1, to: [] },
  { ...v1, message_uuid: '' },
])('unrecognised: %j', (body) => {
  expect(parseStatus(body, RECEIVED_AT)).toEqual({ kind: 'unrecognised', problem: expect.any(String) })
})
