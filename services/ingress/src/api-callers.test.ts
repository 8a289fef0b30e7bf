import { scopes } from '@switchboard/contracts'
import type { StoredToken } from '@switchboard/store'
import { hashApiToken, newApiToken } from '@switchboard/tokens'
import { expect, it } from 'vitest'

import { createApiCallers } from './api-callers.ts'
import { readEnvironmentTokens } from './environment-tokens.ts'

const GIVEN = 'Zm9vYmFyLXRva2VuLW9mLXRoZS1hcGk'
const NOW = Date.UTC(2026, 2, 1)

function callers({ isRedisAway = false } = {}) {
  const stored = new Map<string, StoredToken>()
  const asked: string[] = []
  const uses: [string, number][] = []
  const faults: unknown[] = []
  let now = NOW
  const orAway = <Value>(value: Value) => (isRedisAway ? Promise.reject(new Error('away')) : Promise.resolve(value))
  const { look, noteUse } = createApiCallers({
    environmentTokens: readEnvironmentTokens([`given:${GIVEN}`]),
    apiTokens: {
      get: async (name) => {
        asked.push(name)
        return stored.get(name)
      },
      noteUse: async (name, at) => orAway(void uses.push([name, at])),
    },
    now: () => now,
    onFault: (error) => void faults.push(error),
  })
  const make = (name: string, more: Partial<StoredToken> = {}) => {
    const token = newApiToken(name)
    const hash = hashApiToken(token).toString('hex')
    stored.set(name, { hash, scopes: ['alerts:read'], createdAt: NOW, createdBy: 'given', ...more })
    return token
  }
  return { look, noteUse, make, asked, uses, faults, pass: (ms: number) => void (now += ms) }
}

it('one of the environment may do everything, and Redis is not asked', async () => {
  const { look, asked } = callers()
  expect(await look(GIVEN)).toEqual({ kind: 'known', caller: { name: 'given', scopes, expiresAt: undefined } })
  expect(asked).toEqual([])
})

it('one that was made is known until it ends or is revoked', async () => {
  const { look, make, pass } = callers()
  const token = make('deploy-2.x', { expiresAt: NOW + 1_000 })
  const revoked = make('old', { revokedAt: NOW })
  expect(await look(token)).toMatchObject({ kind: 'known', caller: { name: 'deploy-2.x', scopes: ['alerts:read'] } })
  expect(await look(revoked)).toEqual({ kind: 'revoked', name: 'old' })
  pass(1_000)
  expect(await look(token)).toEqual({ kind: 'expired', name: 'deploy-2.x' })
})

it('the secret of another one is not good under a name that exists', async () => {
  const { look, make } = callers()
  const [first, second] = [make('first'), make('second')]
  expect(await look(first.replace('first', 'second'))).toEqual({ kind: 'unknown' })
  expect(await look(second.replace('second', 'third'))).toEqual({ kind: 'unknown' })
  expect(await look(`${first}x`)).toEqual({ kind: 'unknown' })
})

it('what does not look like one of ours is not looked for in Redis', async () => {
  const { look, asked } = callers()
  for (const guess of [
    'a-guess-of-a-token',
    'sbt_name_short',
    `sbt_NAME_${'a'.repeat(43)}`,
    `sbt__${'a'.repeat(43)}`,
  ]) {
    expect(await look(guess)).toEqual({ kind: 'unknown' })
  }
  expect(asked).toEqual([])
})

it('its last use is noted once a minute, and a fault there is nobody’s', async () => {
  const { noteUse, uses, pass } = callers()
  for (let time = 0; time < 130; time += 1) {
    noteUse('a')
    pass(1_000)
  }
  noteUse('b')
  expect(uses).toEqual([
    ['a', NOW],
    ['a', NOW + 60_000],
    ['a', NOW + 120_000],
    ['b', NOW + 130_000],
  ])
  const away = callers({ isRedisAway: true })
  away.noteUse('a')
  await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  expect(away.faults).toHaveLength(1)
})
