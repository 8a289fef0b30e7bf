import { createPrivateKey, createPublicKey } from 'node:crypto'

import { SignJWT } from 'jose'
import { expect, test } from 'vitest'

import { newPrivateKey } from './testing/stub-vonage.ts'
import { createCallerVerifier } from './verify-caller.ts'

const privateKey = newPrivateKey()
const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
const IAT = 1767323045
const options = {
  applicationId: 'application-1',
  privateKey,
  apiKey: 'abcd1234',
  apiSecret: 'se:cret',
  now: () => IAT * 1000,
}
const verify = createCallerVerifier(options)
const claims = { application_id: 'application-1', iat: IAT, jti: 'jti-1', exp: IAT + 900 }

async function bearer(payload: Record<string, unknown>, pem = privateKey): Promise<string> {
  const token = await new SignJWT(payload).setProtectedHeader({ alg: 'RS256' }).sign(createPrivateKey(pem))
  return `Bearer ${token}`
}
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

test('a JWT, verified with either key', async () => {
  const authorization = await bearer(claims)
  const { privateKey: _, ...withoutPrivate } = options
  const byPublicKey = createCallerVerifier({ ...withoutPrivate, publicKey: publicKey.replaceAll('\n', '\\n') })
  for (const verifier of [verify, byPublicKey]) {
    expect(await verifier(authorization)).toEqual({
      kind: 'verified',
      claims: { application_id: 'application-1', iat: IAT, jti: 'jti-1' },
    })
  }
  expect(() => createCallerVerifier(withoutPrivate)).toThrow('public or the private key')
})

test.each([
  ['without exp, young', { ...claims, exp: undefined, iat: IAT - 900 }, 'verified'],
  ['without exp, old', { ...claims, exp: undefined, iat: IAT - 931 }, 'forged'],
  ['expired', { ...claims, exp: IAT - 31 }, 'forged'],
  ['a day', { ...claims, exp: IAT + 86_400 }, 'verified'],
  ['more than a day', { ...claims, exp: IAT + 86_401 }, 'forged'],
  ['from the future', { ...claims, iat: IAT + 31 }, 'forged'],
  ['of another application', { ...claims, application_id: 'application-2' }, 'forged'],
  ['without jti', { ...claims, jti: undefined }, 'forged'],
  ['without iat', { ...claims, iat: undefined }, 'forged'],
])('JWT %s is %s', async (_, payload, kind) => {
  expect(await verify(await bearer(payload))).toMatchObject({ kind })
})

test('while the key is replaced, a JWT of either', async () => {
  const newer = newPrivateKey()
  const newerPublic = createPublicKey(newer).export({ type: 'spki', format: 'pem' }).toString()
  const { privateKey: _, ...withoutPrivate } = options
  for (const verifier of [
    createCallerVerifier({ ...options, privateKey: newer + privateKey }),
    createCallerVerifier({ ...withoutPrivate, publicKey: newerPublic + publicKey }),
  ]) {
    for (const pem of [newer, privateKey])
      expect(await verifier(await bearer(claims, pem))).toMatchObject({ kind: 'verified' })
    expect(await verifier(await bearer(claims, newPrivateKey()))).toMatchObject({ kind: 'forged' })
  }
})

test('a JWT of another key or algorithm', async () => {
  expect(await verify(await bearer(claims, newPrivateKey()))).toMatchObject({ kind: 'forged' })
  const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(publicKey))
  expect(await verify(`Bearer ${hmac}`)).toMatchObject({ kind: 'forged' })
  expect(await verify('Bearer rubbish')).toMatchObject({ kind: 'forged' })
})

test.each([
  [basic('abcd1234:se:cret'), 'verified'],
  [basic('abcd1234:secret'), 'forged'],
  [basic(':'), 'forged'],
  ['Basic', 'forged'],
  ['Digest x', 'forged'],
  ['', 'unsigned'],
  [undefined, 'unsigned'],
])('%j is %s', async (authorization, kind) => {
  expect(await verify(authorization)).toMatchObject({ kind })
})

test('Basic is refused when no credentials are configured', async () => {
  const verifier = createCallerVerifier({ ...options, apiKey: undefined, apiSecret: '' })
  for (const credentials of [':', 'undefined:']) {
    expect(await verifier(basic(credentials))).toMatchObject({ kind: 'forged' })
  }
})
