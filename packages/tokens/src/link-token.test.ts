import { describe, expect, it } from 'vitest'

import { issueLinkToken, verifyLinkToken } from './link-token.ts'

const secret = 'a secret of many characters'
const now = 1_790_000_000_000
const subject = 'alert-8f14e45f-ceea-467f-a8b5-1c2f3a4b5c6d'
const request = { purpose: 'acknowledge', subject, ttlSeconds: 3_600, now } as const

describe('verifyLinkToken', () => {
  it('returns the subject until the end, and is short', () => {
    const token = issueLinkToken(secret, request)
    expect(token.length - subject.length).toBeLessThan(32)
    const check = { kind: 'valid', subject, expiresAt: now + 3_600_000 }
    expect(verifyLinkToken(secret, { purpose: 'acknowledge', token, now: now + 3_599_000 })).toEqual(check)
  })

  it('says of an expired token what it was about', () => {
    const token = issueLinkToken(secret, request)
    const later = now + 3_600_000
    expect(verifyLinkToken(secret, { purpose: 'acknowledge', token, now: later })).toEqual({ kind: 'expired', subject })
  })

  it('vouches for what an older secret signed while both are there, and signs with the newer', () => {
    const older = issueLinkToken(secret, request)
    const both = `a newer secret of many characters, ${secret}`
    expect(verifyLinkToken(both, { purpose: 'acknowledge', token: older, now })).toMatchObject({ kind: 'valid' })
    const newer = issueLinkToken(both, request)
    expect(verifyLinkToken(secret, { purpose: 'acknowledge', token: newer, now })).toEqual({ kind: 'invalid' })
    const alone = 'a newer secret of many characters'
    expect(verifyLinkToken(alone, { purpose: 'acknowledge', token: newer, now })).toMatchObject({ kind: 'valid' })
    expect(verifyLinkToken(alone, { purpose: 'acknowledge', token: older, now })).toEqual({ kind: 'invalid' })
  })

  it.each([
    ['another purpose', issueLinkToken(secret, { ...request, purpose: 'confirm' })],
    ['another secret', issueLinkToken('another secret that is long', request)],
    ['another subject', issueLinkToken(secret, request).replace('alert-8', 'alert-9')],
    ['a later end', issueLinkToken(secret, request).replace(/\.(\w+)\./, '.zzzzzzz.')],
    ['no signature', issueLinkToken(secret, request).replace(/[\w-]{22}$/, '')],
    ['nothing', ''],
    ['junk', 'a.b.c'],
  ])('refuses %s', (_name, token) => {
    expect(verifyLinkToken(secret, { purpose: 'acknowledge', token, now })).toEqual({ kind: 'invalid' })
  })

  it('does not put a subject into a link that would need escaping', () => {
    expect(() => issueLinkToken(secret, { ...request, subject: 'sms:447700900011' })).toThrow('letters')
  })
})
