import type { StoredToken } from '@switchboard/store'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'

import { createTokenLook, createTokenMetrics } from './watch-tokens.ts'

const DAY_MS = 86_400_000
const token = (name: string, days?: number, revokedAt?: number): StoredToken & { name: string } => ({
  name,
  hash: '',
  scopes: [],
  createdAt: 0,
  createdBy: 'ada',
  ...(days === undefined ? {} : { expiresAt: days * DAY_MS }),
  ...(revokedAt === undefined ? {} : { revokedAt }),
})

function watch(...tokens: (StoredToken & { name: string })[]) {
  const clock = { days: 0 }
  const apiTokens = { list: async () => ({ tokens, lastUses: new Map<string, number>() }) }
  return { clock, deps: { apiTokens, now: () => clock.days * DAY_MS } }
}

it('a token that expires is said a fortnight and a day before, once each; one that is none any more is not', async () => {
  const { clock, deps } = watch(token('deploys', 20), token('ever'), token('revoked', 20, 0))
  const said: string[] = []
  const look = createTokenLook({
    ...deps,
    log: { warn: (fields) => void said.push(`${clock.days} ${JSON.stringify(fields)}`) },
  })
  for (const days of [0, 5, 6, 7, 18, 19, 19.5, 20, 21]) {
    clock.days = days
    await look()
  }
  expect(said).toEqual([6, 19].map((day) => `${day} {"name":"deploys","expiresAt":"1970-01-21T00:00:00.000Z"}`))
})

it('the moment is a metric while the token is valid', async () => {
  const { clock, deps } = watch(token('deploys', 20), token('ever'), token('revoked', 20, 0))
  const registry = new Registry()
  createTokenMetrics(registry, deps)
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => line && !line.startsWith('#'))
  expect(await lines()).toEqual(['switchboard_token_expires_timestamp_seconds{token="deploys"} 1728000'])
  clock.days = 20
  expect(await lines()).toEqual([])
})
