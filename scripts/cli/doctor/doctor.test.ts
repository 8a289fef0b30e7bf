import { describe, expect, it } from 'vitest'

import { judgeClock, offsetOfDate } from './clock.ts'
import { variablesOf } from './examine.ts'
import type { Finding } from './finding.ts'
import { judgeRedis } from './redis.ts'
import { judgeSenders } from './senders.ts'
import { judgeAnswer } from './webhooks.ts'

const facts = {
  version: '7.2.4',
  usedBytes: 10 * 2 ** 20,
  maxBytes: 0,
  policy: 'noeviction',
  keepsOnRestart: true,
  uptimeSeconds: 1,
  clients: 1,
  commandsPerSecond: 1,
  warnings: [],
}
const well = { facts, hz: 100, listpackBytes: 1_024, offsetMs: 0, latencyMs: 0.3 }

/** `about: level`, of what is not well. */
function complaints(findings: Finding[]): string[] {
  return findings.filter(({ level }) => level !== 'ok').map(({ about, level }) => `${about}: ${level}`)
}

describe('Redis', () => {
  it.each([
    [well, []],
    [{ ...well, facts: { ...facts, version: '6.2.6' } }, ['Redis version: failure']],
    [{ ...well, facts: { ...facts, policy: 'allkeys-lru' } }, ['Redis maxmemory-policy: failure']],
    [{ ...well, facts: { ...facts, keepsOnRestart: false } }, ['Redis appendonly: warning']],
    [{ ...well, facts: { ...facts, maxBytes: 11 * 2 ** 20 } }, ['Redis memory: warning']],
    [{ ...well, hz: 10 }, ['Redis hz: warning']],
    [{ ...well, listpackBytes: 64 }, ['Redis hash-max-listpack-value: warning']],
    [{ ...well, latencyMs: 12 }, ['Redis latency: warning']],
    [{ ...well, latencyMs: 80 }, ['Redis latency: failure']],
    [{ ...well, hz: undefined, listpackBytes: undefined }, []],
  ])('%j: %j', (examined, expected) => {
    expect(complaints(judgeRedis(examined))).toEqual(expected)
  })
})

describe('clock', () => {
  it.each([
    [1_900, 'ok', 'agree'],
    [-5_000, 'warning', 'this machine is 5.0 s ahead'],
    [90_000, 'failure', 'this machine is 90.0 s behind'],
  ])('%i ms off: %s', (offsetMs, level, says) => {
    expect(judgeClock('Redis', offsetMs)).toMatchObject({ level, says })
  })

  it('reads a Date header, which has whole seconds', () => {
    const at = Date.parse('2026-11-21T03:12:05.500Z')
    expect(offsetOfDate('Sat, 21 Nov 2026 03:12:05 GMT', at - 40, at + 40)).toBe(0)
    expect(offsetOfDate('Sat, 21 Nov 2026 03:12:35 GMT', at, at)).toBe(30_000)
    expect(offsetOfDate(null, at, at)).toBeUndefined()
  })
})

describe('senders', () => {
  it.each([
    [{ sms: '447700900000', whatsapp: '447700900001', messenger: '10000', viber_service: 'Switchboard' }, []],
    [{ sms: '+447700900000' }, ['Sender sms: failure']],
    [{ sms: '07700 900000' }, ['Sender sms: failure']],
    [{ sms: 'ACME' }, ['Sender sms: warning']],
    [{}, ['Senders: failure']],
  ])('%j: %j', (senders, expected) => {
    expect(complaints(judgeSenders({ senders }))).toEqual(expected)
  })
})

describe('webhooks', () => {
  const url = new URL('https://switchboard.example/webhooks/test')
  it.each([
    [200, '{"nonce":"n"}', 'ok', /gets through https:\/\/switchboard\.example/],
    [200, '{"nonce":"other"}', 'failure', /something else answers/],
    [200, '<html>', 'failure', /something else answers/],
    [401, '{"detail":"signature does not match"}', 'failure', /refuses .*: signature does not match/],
    [401, 'Log in', 'failure', /something else answers/],
    [404, '{"detail":"There is no POST"}', 'failure', /something else answers/],
    [302, '', 'failure', /redirects/],
    [502, '', 'failure', /answers 502/],
  ])('%i %s: %s', (status, text, level, says) => {
    expect(judgeAnswer(url, 'n', { status, text })).toMatchObject({ level, says: expect.stringMatching(says) })
  })
})

describe('environment', () => {
  const nowhere = { running: undefined, dataFolder: '/nowhere' }

  it('has stand-ins for what npm start would make, and for no more', () => {
    const simulated = variablesOf({ ...nowhere, given: { SESSION_SECRET_FILE: '/mine' } })
    expect(simulated).toMatchObject({ CONSOLE_PASSWORD: expect.any(String), VONAGE_APPLICATION_ID: 'simulated' })
    expect(simulated).not.toHaveProperty('SESSION_SECRET')
    const real = variablesOf({ ...nowhere, given: { VONAGE_APPLICATION_ID: 'mine' } })
    expect(real).not.toHaveProperty('VONAGE_PRIVATE_KEY')
  })

  it('is that of the services which run here', () => {
    const running = { REDIS_URL: 'redis://127.0.0.1:2', SESSION_SECRET_FILE: '/theirs' }
    expect(variablesOf({ ...nowhere, given: { LOG_LEVEL: 'info' }, running })).toEqual({
      LOG_LEVEL: 'info',
      ...running,
    })
  })
})
