import { expect, test } from 'vitest'

import { signParameters, signWebhook } from './sign.ts'

const secret = 'sim-signature-secret-0123456789abcdef'

test('the token equals the published vector', () => {
  const body =
    '{"channel":"sms","message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000","from":"447700900001","timestamp":"2026-01-02T03:04:05Z","text":"hi","message_type":"text"}'
  const token = signWebhook(body, secret, {
    apiKey: 'abcd1234',
    applicationId: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    issuedAtSeconds: 1_767_323_045,
    jti: '99999999-8888-4777-8666-555555555555',
  })
  expect(token.split('.')[2]).toBe('iW4aNjYh2llWdXX3ZXw-SwTyzMdJJeiba9dO5i1CYOg')
})

const java = { a: 'alphabet', b: 'bananas', timestamp: '2100' }
const ruby = {
  'message-timestamp': '2013-11-21 15:27:30',
  messageId: '020000001B0FE827',
  msisdn: '14843472194',
  text: 'Test again',
  timestamp: '1385047698',
  to: '13239877404',
  type: 'text',
  sig: 'ignored',
}
const ours = {
  'api-key': 'abcd1234',
  keyword: 'A&B=C',
  'message-timestamp': '2026-01-02 03:04:05',
  messageId: '0A0000000123ABCD1',
  msisdn: '447700900001',
  nonce: '11111111-2222-4333-8444-555555555555',
  text: 'A&B=C café',
  timestamp: '1767323045',
  to: '447700900000',
  type: 'unicode',
}

test.each([
  [java, 'abcde', 'md5hash', '7d43241108912b32cc315b48ce681acf'],
  [java, 'abcde', 'md5', 'e0afe267aefd6dd18a848c1681517a19'],
  [java, 'abcde', 'sha1', 'b7f749de27b4adcf736cc95c9a7e059a16c85127'],
  [java, 'abcde', 'sha256', '8d1b0428276b6a070578225914c3502cc0687a454dfbbbb370c76a14234cb546'],
  [ruby, 'my_secret_key_for_testing', 'md5hash', 'd2e7b1dc968737c5998ad624e02f90b7'],
  [ruby, 'my_secret_key_for_testing', 'sha1', '27d0d05c2876c7cb1720dbcdba4d492e1e55c09a'],
  [ours, secret, 'md5hash', '85a6f53c514f5db45a68e362a2ce375e'],
  [ours, secret, 'sha256', '7d8f70f10a8c8e2ff3773449a6c9a4de6740a58ba5f702852cbaf03ad1d71116'],
] as const)('sig of %o with %s %s', (parameters, key, method, expected) => {
  expect(signParameters(parameters, key, method).toLowerCase()).toBe(expected)
})
