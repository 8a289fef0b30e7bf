import { createHash } from 'node:crypto'

import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'

import { createWebhookSigner } from './sign-webhook.ts'
import { createWebhookVerifier, longestValidity } from './verify-webhook.ts'

const SECRET = 'sim-signature-secret-0123456789abcdef'
const APPLICATION_ID = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab'
const IAT = 1767323045
const body = Buffer.from(
  '{"channel":"sms","message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000","from":"447700900001","timestamp":"2026-01-02T03:04:05Z","text":"hi","message_type":"text"}',
)
const JWT =
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3NjczMjMwNDUsImp0aSI6Ijk5OTk5OTk5LTg4ODgtNDc3Ny04NjY2LTU1NTU1NTU1NTU1NSIsImlzcyI6IlZvbmFnZSIsInBheWxvYWRfaGFzaCI6IjNiZWIzYjZkOWUxZmZiZTI1MjY2MTUzZTNjYmQ3ZTQwOWFmYWMyZGY4MmY3ZTRhNmQ4MDQ1YzZjNmMxMjUwMWIiLCJhcGlfa2V5IjoiYWJjZDEyMzQiLCJhcHBsaWNhdGlvbl9pZCI6ImFhYWFhYWFhLWJiYmItY2NjYy1kZGRkLTAxMjM0NTY3ODlhYiJ9.iW4aNjYh2llWdXX3ZXw-SwTyzMdJJeiba9dO5i1CYOg'
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const options = {
  signatureSecrets: [SECRET],
  applicationIds: [APPLICATION_ID],
  toleranceSeconds: 300,
  now: () => IAT * 1000,
}
const verify = createWebhookVerifier(options)
const post = (token: string, rawBody: Uint8Array = body) => ({
  authorization: `Bearer ${token}`,
  rawBody,
  method: 'POST',
  query: '',
})
const claims = {
  iat: IAT,
  jti: '99999999-8888-4777-8666-555555555555',
  iss: 'Vonage',
  payload_hash: createHash('sha256').update(body).digest('hex'),
  api_key: 'abcd1234',
  application_id: APPLICATION_ID,
}

function sign(payload: Record<string, unknown>, secret = SECRET, alg = 'HS256') {
  return new SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT' }).sign(Buffer.from(secret))
}

test('the reference vector, both ways', async () => {
  const signer = createWebhookSigner({
    secret: SECRET,
    apiKey: 'abcd1234',
    applicationId: APPLICATION_ID,
    now: () => IAT * 1000 + 999,
    newId: () => claims.jti,
  })
  const [header, payload] = (await signer(body)).split('.')
  expect(header).toBe(JWT.split('.')[0])
  // Only the mark that it is ours tells it from one of Vonage's.
  const { switchboard, ...signed } = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
  expect(switchboard).toBe(true)
  expect(signed).toEqual(claims)
  expect(verify(post(JWT))).toEqual({
    kind: 'verified',
    claims: { iat: IAT, jti: claims.jti, api_key: 'abcd1234', application_id: APPLICATION_ID },
  })
})

test('takes the token from either header', async () => {
  const request = { ...post(JWT), vonageToken: JWT, authorization: 'Basic cloud-runtime' }
  expect(verify(request)).toMatchObject({ kind: 'verified' })
  expect(verify({ ...request, vonageToken: `Bearer ${JWT}` })).toMatchObject({ kind: 'verified' })
  expect(verify({ ...post(JWT), authorization: `bearer  ${JWT}` })).toMatchObject({ kind: 'verified' })
})

test.each([undefined, ''])('authorization %j is unsigned', (authorization) => {
  expect(verify({ ...post(JWT), authorization })).toEqual({ kind: 'unsigned' })
})

describe('forged', () => {
  test.each([
    ['another body', { ...post(JWT), rawBody: Buffer.from(`${body.toString()} `) }],
    ['an empty body', post(JWT, Buffer.alloc(0))],
    ['a broken signature', post(`${JWT.slice(0, -2)}AA`)],
    ['no JWT at all', post('rubbish')],
    ['three empty parts', post('..')],
    ['Basic credentials', { ...post(JWT), authorization: 'Basic YWJjOmRlZg==' }],
    ['four parts', post(`${JWT}.x`)],
    ['alg none', post(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${JWT.split('.')[1]}.`)],
  ])('%s', async (_, request) => {
    expect(verify(request)).toMatchObject({ kind: 'forged' })
  })

  test.each([
    ['another secret', claims, 'other-secret', 'HS256'],
    ['another algorithm', claims, SECRET.repeat(2), 'HS512'],
    ['another issuer', { ...claims, iss: 'Nexmo' }, SECRET, 'HS256'],
    ['a foreign application', { ...claims, application_id: 'foreign' }, SECRET, 'HS256'],
    ['no payload hash', { ...claims, payload_hash: undefined }, SECRET, 'HS256'],
    ['no iat', { ...claims, iat: undefined }, SECRET, 'HS256'],
    ['too old', { ...claims, iat: IAT - 301 }, SECRET, 'HS256'],
    ['too new', { ...claims, iat: IAT + 301 }, SECRET, 'HS256'],
    ['expired, where it says so', { ...claims, exp: IAT - 1 }, SECRET, 'HS256'],
    ['not yet valid, where it says so', { ...claims, nbf: IAT + 301 }, SECRET, 'HS256'],
    ['one that we have signed for a caller of ours', { ...claims, switchboard: true }, SECRET, 'HS256'],
    ['claims of the wrong form', { ...claims, api_key: 7 }, SECRET, 'HS256'],
  ])('%s', async (_, payload, secret, alg) => {
    const verdict = createWebhookVerifier({ ...options, signatureSecrets: [SECRET, SECRET.repeat(2)] })(
      post(await sign(payload, secret, alg)),
    )
    expect(verdict).toMatchObject({ kind: 'forged', reason: expect.any(String) })
  })
})

describe('verified', () => {
  test.each([
    ['at the edge of the window', { ...claims, iat: IAT - 300 }],
    ['without an application', { ...claims, application_id: undefined }],
    ['without an API key', { ...claims, api_key: undefined }],
  ])('%s', async (_, payload) => {
    expect(verify(post(await sign(payload)))).toMatchObject({ kind: 'verified' })
  })

  test.each([
    ['hash of the empty body', EMPTY_HASH, 'verified'],
    ['no hash', undefined, 'verified'],
    ['hash of something', claims.payload_hash, 'forged'],
  ])('GET with %s: %s', async (_, payload_hash, kind) => {
    const authorization = `Bearer ${await sign({ ...claims, payload_hash })}`
    expect(verify({ authorization, rawBody: Buffer.alloc(0), method: 'GET', query: '' })).toMatchObject({ kind })
  })

  test('with any secret of the list, or of the API key', async () => {
    const rotating = createWebhookVerifier({ ...options, signatureSecrets: ['new-secret', SECRET] })
    expect(rotating(post(JWT))).toMatchObject({ kind: 'verified' })
    const byKey = createWebhookVerifier({ ...options, signatureSecrets: { abcd1234: [SECRET], other000: ['x'] } })
    expect(byKey(post(JWT))).toMatchObject({ kind: 'verified' })
    const otherKey = post(await sign({ ...claims, api_key: 'other000' }))
    expect(byKey(otherKey)).toMatchObject({ kind: 'forged' })
    const unknownKey = post(await sign({ ...claims, api_key: 'unknown0' }))
    expect(byKey(unknownKey)).toEqual({ kind: 'forged', reason: 'api_key is not known' })
  })
})

async function withoutBody(method: string, query: string, payload_hash: string | undefined) {
  const authorization = `Bearer ${await sign({ ...claims, payload_hash })}`
  return verify({ authorization, rawBody: Buffer.alloc(0), method, query })
}

describe('what nothing is signed of', () => {
  test('the query of a POST without a body is refused', async () => {
    expect(await withoutBody('POST', 'text=STOP', EMPTY_HASH)).toMatchObject({ kind: 'forged' })
    expect(await withoutBody('POST', 'text=STOP', undefined)).toMatchObject({ kind: 'forged' })
    expect(await withoutBody('POST', '', EMPTY_HASH)).toMatchObject({ kind: 'verified' })
  })

  test('the query of a GET has to be remembered with its token, however the token is written', async () => {
    const first = await withoutBody('GET', 'uuid=1', EMPTY_HASH)
    expect(first).toMatchObject({ kind: 'verified', unbound: { query: 'uuid=1' } })
    const token = await sign({ ...claims, payload_hash: EMPTY_HASH })
    // The last character of a signature has bits that mean nothing.
    const last = token.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const respelt = `${token.slice(0, -1)}${alphabet[alphabet.indexOf(last) ^ 1]}`
    const again = verify({
      authorization: `bearer   ${respelt}`,
      rawBody: Buffer.alloc(0),
      method: 'GET',
      query: 'uuid=2',
    })
    expect(again).toMatchObject({
      kind: 'verified',
      unbound: { query: 'uuid=2', tokenHash: first.kind === 'verified' && first.unbound?.tokenHash },
    })
  })

  test.each([60, 300, 86_700])(
    'with a tolerance of %d s no token outlives what is remembered of it',
    async (tolerance) => {
      let now = IAT
      const verifyAt = createWebhookVerifier({ ...options, toleranceSeconds: tolerance, now: () => now * 1_000 })
      const token = await sign({ ...claims, iat: IAT + 300 })
      expect(verifyAt(post(token))).toMatchObject({ kind: 'verified' })
      now = IAT + longestValidity(tolerance)
      expect(verifyAt(post(token))).toMatchObject({ kind: 'verified' })
      now += 1
      expect(verifyAt(post(token))).toMatchObject({ kind: 'forged' })
    },
  )

  test('a token from the future does not wait for its day', async () => {
    const verifyForADay = createWebhookVerifier({ ...options, toleranceSeconds: 86_700 })
    const at = async (iat: number) => verifyForADay(post(await sign({ ...claims, iat })))
    expect(await at(IAT - 86_000)).toMatchObject({ kind: 'verified' })
    expect(await at(IAT + 299)).toMatchObject({ kind: 'verified' })
    expect(await at(IAT + 301)).toMatchObject({ kind: 'forged' })
  })
})
