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

  it.each([
    ['another purpose', issueLinkToken(secret, { ...request, purpose: 'confirm' })],
    ['another secret', issueLinkToken('another secret, also long', request)],
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
