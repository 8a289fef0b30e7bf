import type { AuditEntry } from '@switchboard/contracts'
import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'

import { installProblems, Problem } from './problem.ts'
import { requireToken } from './require-token.ts'
import { traceChanges } from './trace-changes.ts'

const HOUR_MS = 3_600_000
const NOW = 500_000 * HOUR_MS

const config = (does: string) => ({ config: { scope: 'alerts:write', does } as const })

async function api({ isRedisAway = false } = {}) {
  const entries: AuditEntry[] = []
  let now = NOW
  const trail = {
    enqueue: async (entry: AuditEntry) => {
      if (isRedisAway) throw new Error('Command timed out')
      entries.push(entry)
    },
  }
  const app = fastify()
  installProblems(app)
  await app.register(async (scope) => {
    const caller = { name: 'deploy', scopes: ['alerts:write'], expiresAt: undefined }
    const callers = { look: async () => ({ kind: 'known', caller }) as const, noteUse: () => undefined }
    requireToken(scope, { callers, trail, countTokenFailure: () => undefined, now: () => now })
    traceChanges(scope, { trail, now: () => now })
    scope.get('/read', { config: { scope: 'alerts:write' } }, async () => ({ id: 'read' }))
    scope.post('/act/:id', config('alert.note'), async () => ({ id: 'alert-1', outcome: 'noted' }))
    scope.post('/nothing', config('alert.alertmanager'), async () => ({ id: null, outcome: 'nothing-open' }))
    scope.delete('/people/:address', config('person.erase'), async () => ({ id: 'erase-1' }))
    scope.post('/refused', config('alert.start'), async () => {
      throw new Problem(422, 'Not valid', 'no')
    })
    let sent = 0
    scope.post('/often', { config: { ...config('message.send').config, isFrequent: true } }, async () => ({
      id: `msg-${(sent += 1)}`,
    }))
  })
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, key?: string) => {
    const headers = { authorization: 'Bearer x', ...(key === undefined ? {} : { 'idempotency-key': key }) }
    return (await app.inject({ method, url, headers, ...(payload ? { payload } : {}) })).statusCode
  }
  return { ask, entries, pass: (ms: number) => void (now += ms) }
}

describe('what the API changes', () => {
  it('is in the trail under the name of the token, with what it was done to and in whose name', async () => {
    const { ask, entries } = await api()
    await ask('POST', '/act/A7', { by: 'Ada' })
    await ask('DELETE', '/people/447700900123')
    const who = { kind: 'token', who: 'deploy', via: 'api', at: NOW }
    expect(entries).toMatchObject([
      { ...who, action: 'alert.note', target: 'alert-1', detail: 'as Ada, noted' },
      { ...who, action: 'person.erase', target: 'erase-1', detail: '…0123' },
    ])
    expect(JSON.stringify(entries)).not.toContain('4477')
  })

  it('is what was changed: no reading, no refusal, nothing that was not done', async () => {
    const { ask, entries } = await api()
    expect([await ask('GET', '/read'), await ask('POST', '/refused'), await ask('POST', '/nothing')]).toEqual([
      200, 422, 200,
    ])
    expect(entries).toEqual([])
  })

  it('is one act when it is repeated under its key, and others without one', async () => {
    const { ask, entries } = await api()
    for (const key of ['k1', 'k1', 'k2', undefined, undefined]) await ask('POST', '/act/A7', {}, key)
    const [first, second, ...others] = entries.map(({ id }) => id)
    expect(first).toBe(second)
    expect(new Set([first, ...others]).size).toBe(4)
  })

  it('is one entry an hour for what programs do all day', async () => {
    const { ask, entries, pass } = await api()
    for (let time = 0; time < 90; time += 1) {
      await ask('POST', '/often')
      pass(60_000)
    }
    expect(entries).toMatchObject([
      { at: NOW, action: 'message.send', target: 'msg-1' },
      { at: NOW + HOUR_MS, action: 'message.send', target: 'msg-61' },
    ])
    expect(new Set(entries.map(({ id }) => id)).size).toBe(2)
  })

  it('is not said to be done when the trail cannot be written', async () => {
    const { ask } = await api({ isRedisAway: true })
    expect(await ask('POST', '/act/A7', {})).toBe(503)
    expect(await ask('GET', '/read')).toBe(200)
  })

  it('has a name on every route, or ingress does not begin', async () => {
    const app = fastify()
    const begun = app.register(async (scope) => {
      traceChanges(scope, { trail: { enqueue: async () => {} }, now: Date.now })
      scope.get('/read', async () => 'ok')
      scope.put('/forgotten', async () => 'ok')
    })
    await expect(begun).rejects.toThrow('PUT /forgotten does not say what it does')
  })
})
