import { describe, expect, test } from 'vitest'

import { createSmsSignatureVerifier, smsSignature } from './sms-signature.ts'
import type { SmsSignatureMethod } from './sms-signature.ts'

const java = { a: 'alphabet', b: 'bananas', timestamp: '2100' }
const ruby = {
  'message-timestamp': '2013-11-21 15:27:30',
  messageId: '020000001B0FE827',
  msisdn: '14843472194',
  text: 'Test again',
  timestamp: '1385047698',
  to: '13239877404',
  type: 'text',
}
const ours = {
  type: 'unicode',
  to: '447700900000',
  timestamp: '1767323045',
  text: 'A&B=C café',
  nonce: '11111111-2222-4333-8444-555555555555',
  msisdn: '447700900001',
  messageId: '0A0000000123ABCD1',
  'message-timestamp': '2026-01-02 03:04:05',
  keyword: 'A&B=C',
  'api-key': 'abcd1234',
}
const OUR_SECRET = 'sim-signature-secret-0123456789abcdef'
const RUBY_SECRET = 'my_secret_key_for_testing'

const vectors: [string, Record<string, string>, string, SmsSignatureMethod, string][] = [
  ['Java SDK', java, 'abcde', 'md5hash', '7d43241108912b32cc315b48ce681acf'],
  ['Java SDK', java, 'abcde', 'md5', 'e0afe267aefd6dd18a848c1681517a19'],
  ['Java SDK', java, 'abcde', 'sha1', 'b7f749de27b4adcf736cc95c9a7e059a16c85127'],
  ['Java SDK', java, 'abcde', 'sha256', '8d1b0428276b6a070578225914c3502cc0687a454dfbbbb370c76a14234cb546'],
  ['Ruby SDK', ruby, RUBY_SECRET, 'md5hash', 'd2e7b1dc968737c5998ad624e02f90b7'],
  ['Ruby SDK', ruby, RUBY_SECRET, 'md5', 'DDEBD46008C2D4E93CCE578A332A52D5'],
  ['Ruby SDK', ruby, RUBY_SECRET, 'sha1', '27D0D05C2876C7CB1720DBCDBA4D492E1E55C09A'],
  ['Ruby SDK', ruby, RUBY_SECRET, 'sha256', 'DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330'],
  ['ours', ours, OUR_SECRET, 'md5hash', '85a6f53c514f5db45a68e362a2ce375e'],
  ['ours', ours, OUR_SECRET, 'sha256', '7d8f70f10a8c8e2ff3773449a6c9a4de6740a58ba5f702852cbaf03ad1d71116'],
]

test.each(vectors)('%s vector, %o', (_, params, secret, method, expected) => {
  expect(smsSignature(params, secret, method)).toBe(expected.toLowerCase())
})

describe('createSmsSignatureVerifier', () => {
  const options = { secret: OUR_SECRET, toleranceSeconds: 300, now: () => 1767323045_000 }
  const verify = createSmsSignatureVerifier({ ...options, method: 'sha256' })
  const signed = (params: Record<string, string>) => ({ ...params, sig: smsSignature(params, OUR_SECRET, 'sha256') })

  test('one signature does not stand for parameters split another way', () => {
    const { to: _to, type: _type, ...rest } = ours
    const split = { ...rest, sig: signed(ours).sig, 'to=447700900000&type': 'unicode' }
    expect(smsSignature(split, OUR_SECRET, 'sha256')).toBe(split.sig)
    expect(verify(split)).toMatchObject({ kind: 'forged' })
  })

  test('accepts a right signature in either case', () => {
    const lower = signed(ours)
    for (const params of [lower, { ...lower, sig: lower.sig.toUpperCase() }]) {
      expect(verify(params)).toEqual({
        kind: 'verified',
        claims: { iat: 1767323045, api_key: 'abcd1234', jti: ours.nonce },
      })
    }
  })

  test('tells unsigned from forged', () => {
    const { timestamp: _, ...untimed } = ours
    expect(verify(ours)).toEqual({ kind: 'unsigned' })
    expect(verify({ ...signed(ours), text: 'other' })).toMatchObject({ kind: 'forged' })
    expect(verify({ ...ours, sig: '' })).toMatchObject({ kind: 'forged' })
    expect(verify(signed(untimed))).toEqual({ kind: 'forged', reason: 'timestamp is missing' })
    expect(verify(signed({ ...ours, timestamp: '1767322744' }))).toMatchObject({ kind: 'forged' })
    expect(verify(signed({ ...ours, timestamp: '1767322745' }))).toMatchObject({ kind: 'verified' })
  })

  test('uses only the configured method', () => {
    const sha512 = createSmsSignatureVerifier({ ...options, method: 'sha512' })
    expect(sha512(signed(ours))).toMatchObject({ kind: 'forged' })
    expect(sha512({ ...ours, sig: smsSignature(ours, OUR_SECRET, 'sha512') })).toMatchObject({ kind: 'verified' })
  })
})
