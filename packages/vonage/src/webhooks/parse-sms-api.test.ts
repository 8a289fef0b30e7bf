import { parse } from 'node:querystring'

import { describe, expect, test } from 'vitest'

import { parseDeliveryReceipt } from './parse-delivery-receipt.ts'
import { parseInboundSms } from './parse-inbound-sms.ts'
import { readParams } from './read-params.ts'

const RECEIVED_AT = Date.UTC(2026, 0, 2, 3, 4, 10)
const AT = Date.UTC(2026, 0, 2, 3, 4, 5)

describe('parseInboundSms', () => {
  const query = new URLSearchParams(
    'msisdn=447700900010&to=447700900001&messageId=1700000240EAA6B6&text=googl&type=text&keyword=GOOGL&api-key=abcd1234&message-timestamp=2026-01-02+03%3A04%3A05',
  )
  const params = Object.fromEntries(query)
  const parsed = {
    id: '1700000240EAA6B6',
    channel: 'sms',
    from: '447700900010',
    to: '447700900001',
    kind: 'text',
    text: 'googl',
    sentAt: AT,
    receivedAt: RECEIVED_AT,
  }
  const concat = { concat: 'true', 'concat-ref': '7', 'concat-total': '3', 'concat-part': '2' }
  const part = { reference: '7', total: 3, number: 2 }

  test.each<[string, unknown, object]>([
    ['a query', params, {}],
    ['JSON with numbers', { ...params, msisdn: 447700900010, to: 447700900001 }, {}],
    ['unicode', { ...params, type: 'unicode', text: '停止' }, { text: '停止' }],
    ['no text', { ...params, text: undefined }, { text: '' }],
    ['a text that looks like a number', { ...params, text: '1' }, { text: '1' }],
    ['a number for a text', { ...params, text: 1 }, { text: '1' }],
    ['binary', { ...params, type: 'binary', data: 'ff' }, { kind: 'binary', text: null }],
    ['a part', { ...params, ...concat }, { part }],
    [
      'a part in JSON',
      { ...params, ...concat, concat: true, 'concat-ref': 7, 'concat-total': 3, 'concat-part': 2 },
      { part },
    ],
    ['a part without its header', { ...params, concat: 'true' }, {}],
    ['a part of one', { ...params, ...concat, 'concat-total': '1', 'concat-part': '1' }, {}],
    ['a part beyond the last', { ...params, ...concat, 'concat-part': '4' }, {}],
    ['a part that is no number', { ...params, ...concat, 'concat-part': 'x' }, {}],
    ['no timestamp', { ...params, 'message-timestamp': undefined }, { sentAt: RECEIVED_AT }],
    ['a repeated parameter', { ...params, text: ['msft', 'googl'] }, {}],
    ['nested values beside', { ...params, extra: { a: 1 } }, {}],
  ])('%s', (_, source, changes) => {
    expect(parseInboundSms(source, RECEIVED_AT)).toEqual({ kind: 'parsed', value: { ...parsed, ...changes } })
  })

  test.each([{}, { 'api-key': 'abcd1234' }])('the probe %j is ignored', (source) => {
    expect(parseInboundSms(source, RECEIVED_AT)).toMatchObject({ kind: 'ignored' })
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'msisdn=447700900010'],
    ['a list', [params]],
    ['a sender with a name', { ...params, msisdn: 'VODAFONE' }],
    ['no id', { ...params, messageId: undefined }],
    ['no recipient', { ...params, to: undefined }],
  ])('unrecognised: %s', (_, source) => {
    expect(parseInboundSms(source, RECEIVED_AT)).toEqual({ kind: 'unrecognised', problem: expect.any(String) })
  })
})

function code(value: string) {
  return { state: 'rejected', error: { code: value, reason: expect.any(String) } }
}

describe('parseDeliveryReceipt', () => {
  const params = {
    msisdn: '447700900010',
    to: 'ACME',
    messageId: '0B1200003456ABCD',
    'network-code': '23410',
    price: '0.03330000',
    'client-ref': 'feed-42',
    status: 'delivered',
    scts: '2601020304',
    'err-code': '0',
    'message-timestamp': '2026-01-02 03:04:05',
  }
  const parsed = {
    kind: 'message',
    messageUuid: '0B1200003456ABCD',
    clientRef: 'feed-42',
    channel: 'sms',
    to: '447700900010',
    state: 'delivered',
    at: AT,
    receivedAt: RECEIVED_AT,
    price: '0.03330000',
  }
  const failed = (status: string, errCode?: unknown) => ({ ...params, status, 'err-code': errCode })

  test.each<[string, unknown, object]>([
    ['delivered', params, {}],
    ['accepted', { ...params, status: 'accepted' }, { state: 'submitted' }],
    ['buffered', { ...params, status: 'buffered' }, { state: 'submitted' }],
    ['an opt-out', failed('failed', '9'), code('1240')],
    ['an opt-out in JSON', failed('rejected', 9), code('1240')],
    ['a regulation error', failed('rejected', '54'), code('1484')],
    ['a code of the future', failed('failed', '77'), code('1330')],
    ['a code that is a method of objects', failed('failed', 'constructor'), code('1330')],
    ['no code', failed('failed'), code('1330')],
    ['expired', failed('expired', '0'), code('1360')],
    ['expired for an unknown reason', failed('expired', '1'), code('1360')],
    ['expired because absent', failed('expired', '2'), code('1180')],
    ['no timestamp', { ...params, 'message-timestamp': '' }, { at: RECEIVED_AT }],
  ])('%s', (_, source, changes) => {
    expect(parseDeliveryReceipt(source, RECEIVED_AT)).toEqual({ kind: 'parsed', value: { ...parsed, ...changes } })
  })

  test.each([{}, { ...params, status: 'unknown' }])('ignored: %j', (source) => {
    expect(parseDeliveryReceipt(source, RECEIVED_AT)).toMatchObject({ kind: 'ignored' })
  })

  test.each([undefined, null, 'x', [[]], { ...params, status: 'lost' }, { ...params, status: undefined }])(
    'unrecognised: %j',
    (source) => {
      expect(parseDeliveryReceipt(source, RECEIVED_AT)).toMatchObject({ kind: 'unrecognised' })
    },
  )
})

test('readParams flattens whatever carried them', () => {
  const source = { a: 'x', b: 1, c: true, d: ['1', '2'], e: null, f: { g: 1 }, h: [] }
  expect(readParams(source)).toEqual({ a: 'x', b: '1', c: 'true', d: '2' })
  expect(readParams(parse('a=x&d=1&d=2'))).toEqual({ a: 'x', d: '2' })
  for (const none of [null, undefined, 'a=b', 7, ['a']]) expect(readParams(none)).toBeUndefined()
})
