import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'

import { issueToken, verifyToken } from './token.ts'

const secret = 'a secret of many characters'
const now = 1_790_000_000_000
const request = { purpose: 'echo', subject: 'call-1', ttlSeconds: 60, now } as const

describe('verifyToken', () => {
  it('returns who the token is about and when it ends', async () => {
    const token = await issueToken(secret, request)
    const check = await verifyToken(secret, { purpose: 'echo', token, now: now + 59_000 })
    expect(check).toEqual({ kind: 'valid', subject: 'call-1', id: expect.any(String), expiresAt: now + 60_000 })
  })

  it('gives every token an id of its own', async () => {
    const tokens = [await issueToken(secret, request), await issueToken(secret, request)]
    const checks = await Promise.all(tokens.map((token) => verifyToken(secret, { purpose: 'echo', token, now })))
    expect(new Set(checks.map((check) => (check.kind === 'valid' ? check.id : ''))).size).toBe(2)
  })

  it('vouches for what an older secret signed while both are there', async () => {
    const token = await issueToken(secret, request)
    const check = await verifyToken(`a newer secret of many characters,${secret}`, { purpose: 'echo', token, now })
    expect(check).toMatchObject({ kind: 'valid' })
    expect(await verifyToken('a newer secret of many characters', { purpose: 'echo', token, now })).toEqual({
      kind: 'invalid',
    })
  })

  it.each([
    ['one second after its end', async () => issueToken(secret, { ...request, now: now - 61_000 }), 'expired'],
    ['of another purpose', async () => issueToken(secret, { ...request, purpose: 'acknowledge' }), 'invalid'],
    ['of another secret', async () => issueToken('another secret that is long', request), 'invalid'],
    ['with a changed claim', async () => tamper(await issueToken(secret, request)), 'invalid'],
    [
      'without a signature',
      async () => new UnsecuredJWT({ sub: 'call-1', jti: '1' }).setAudience('echo').encode(),
      'invalid',
    ],
    ['signed with the secret itself', async () => signDirectly(), 'invalid'],
    ['that is junk', async () => 'junk', 'invalid'],
    ['that is empty', async () => '', 'invalid'],
  ])('refuses a token %s', async (_name, make, expected) => {
    expect(await verifyToken(secret, { purpose: 'echo', token: await make(), now })).toEqual({ kind: expected })
  })

  it('refuses to sign with a short secret', () => {
    expect(() => issueToken('short', request)).toThrow('at least 16 characters')
  })
})

function tamper(token: string): string {
  const [header, , signature] = token.split('.')
  const payload = { sub: 'call-2', aud: 'echo', jti: '1', exp: now / 1_000 + 60 }
  return [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.')
}

function signDirectly(): Promise<string> {
  return new SignJWT({ jti: '1' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('call-1')
    .setAudience('echo')
    .setExpirationTime(now / 1_000 + 60)
    .sign(new TextEncoder().encode(secret))
}
