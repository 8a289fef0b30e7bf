import { expect, it } from 'vitest'

import { mentions } from './job-eraser.ts'

const contacts = [{ channel: 'sms', address: '447700900123' }] as const

it('an address with dots is itself and nothing else', () => {
  const dotted = [{ channel: 'messenger', address: '8.....1' }] as const
  expect(mentions({ body: 'id=8123451&x=1' }, [...dotted])).toBe(false)
  expect(mentions({ body: 'id=8.....1&x=1' }, [...dotted])).toBe(true)
})

it.each([
  [{ to: '447700900123' }, true],
  [{ contact: { channel: 'sms', address: '447700900123' } }, true],
  [{ after: 'sms.447700900123' }, true],
  [{ body: '{"from":"447700900123"}' }, true],
  [{ body: 'msisdn=447700900123&to=1' }, true],
  [{ to: '4477009001234' }, false],
  [{ body: 'msisdn=4477009001234' }, false],
  [{ text: 'call 447700900123' }, false],
  [null, false],
  [{ list: [1, null, { deep: '447700900123' }] }, true],
])('%j mentions the person: %s', (payload, expected) => {
  expect(mentions(payload, [...contacts])).toBe(expected)
})
