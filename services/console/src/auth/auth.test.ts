import type { Account } from '@switchboard/store'
import { expect, it } from 'vitest'

import { createPasswords } from './passwords.ts'
import { safeTarget } from './safe-target.ts'
import { createSessions } from './sessions.ts'

const SECRET = 'a secret of at least 16 characters'

it.each([
  ['/alerts/alert-1?x=1', '/alerts/alert-1?x=1'],
  [undefined, '/'],
  ['//evil.test', '/'],
  ['/\\evil.test', '/'],
  ['https://evil.test/', '/'],
  ['/login?to=/', '/'],
  ['/logout', '/'],
  ['/a\nb', '/'],
])('after the login %j leads to %s', (to, target) => {
  expect(safeTarget(to)).toBe(target)
})

it('tells admins from viewers from others', async () => {
  const check = createPasswords({ admin: 'one-password', viewer: 'another-one' })
  expect(await check('one-password')).toBe('admin')
  expect(await check('another-one')).toBe('viewer')
  expect(await check('')).toBeUndefined()
  expect(await check('one-passwor')).toBeUndefined()
  // However it is typed: one character, or two.
  expect(await createPasswords({ admin: 'caf\u00e9 at noon' })('cafe\u0301 at noon')).toBe('admin')
})

it('without a viewer password nobody is a viewer', async () => {
  const check = createPasswords({ admin: 'one-password', viewer: undefined })
  expect(await check('')).toBeUndefined()
})

const as = (role: 'admin' | 'viewer', name = 'Ada') => ({ kind: 'shared', role, name }) as const
const ada: Account = {
  name: 'ada',
  role: 'operator',
  password: '',
  mustChangePassword: false,
  recoveryCodes: [],
  epoch: 3,
  createdAt: 0,
}

interface At {
  now: number
  isSecondFactorRequired?: boolean
}

function sessionsAt(clock: At, secret = SECRET, admin = 'first-password', account?: Account) {
  const ended = new Set<string>()
  return createSessions({
    secret,
    passwords: { admin },
    accounts: { get: async () => account },
    secondFactor: { isRequired: clock.isSecondFactorRequired ?? false, isSharedOver: async () => false },
    ttlSeconds: 60,
    now: () => clock.now,
    ended: {
      end: async (id) => void ended.add(id),
      hasEnded: async (id) => ended.has(id),
    },
  })
}

it('a session lasts until its time or its logout', async () => {
  const clock = { now: 1_000_000 }
  const sessions = sessionsAt(clock)
  const cookie = await sessions.begin(as('viewer', 'Ada "the" O’Neil'))
  const session = await sessions.read(cookie)
  expect(session).toMatchObject({ role: 'viewer', name: 'Ada "the" O’Neil' })
  expect(await sessionsAt(clock, 'another secret of 16 characters').read(cookie)).toBeUndefined()
  expect(await sessions.read(`${cookie}x`)).toBeUndefined()
  if (session) await sessions.end(session)
  expect(await sessions.read(cookie)).toBeUndefined()
  const other = await sessions.begin(as('viewer'))
  clock.now += 61_000
  expect(await sessions.read(other)).toBeUndefined()
})

it('the form of one session is no good in another', async () => {
  const sessions = sessionsAt({ now: 1_000_000 })
  const one = await sessions.read(await sessions.begin(as('admin')))
  const other = await sessions.read(await sessions.begin(as('admin')))
  if (!one || !other) throw new Error('no session')
  expect(sessions.isOwnForm(one, one.formToken)).toBe(true)
  expect(sessions.isOwnForm(one, other.formToken)).toBe(false)
  expect(sessions.isOwnForm(one, '')).toBe(false)
})

it('a session ends with the password that it began with, and outlives a change of the secret', async () => {
  const clock = { now: 1_000_000 }
  const cookie = await sessionsAt(clock).begin(as('admin'))
  expect(await sessionsAt(clock, SECRET, 'second-password').read(cookie)).toBeUndefined()
  const both = `a newer secret of 16 characters,${SECRET}`
  expect(await sessionsAt(clock, both).read(cookie)).toMatchObject({ name: 'Ada' })
  const newer = await sessionsAt(clock, both).begin(as('admin'))
  expect(await sessionsAt(clock, 'a newer secret of 16 characters').read(newer)).toMatchObject({ name: 'Ada' })
  expect(await sessionsAt(clock, 'a newer secret of 16 characters').read(cookie)).toBeUndefined()
})

it('a session of an account may what the account may now, and is over when it is disabled or all its sessions ended', async () => {
  const clock = { now: 1_000_000 }
  const look = (account?: Account) => sessionsAt(clock, SECRET, '', account)
  const cookie = await look().begin({ kind: 'account', name: 'ada', epoch: 3 })
  const session = await look(ada).read(cookie)
  expect(session).toMatchObject({ name: 'ada', role: 'operator' })
  expect(await look({ ...ada, role: 'viewer' }).read(cookie)).toMatchObject({ role: 'viewer' })
  if (!session) throw new Error('no session')
  for (const after of [undefined, { ...ada, epoch: 4 }, { ...ada, disabledAt: 1 }]) {
    expect(await look(after).read(cookie)).toBeUndefined()
    expect(await look(after).isOver(session)).toBe(true)
  }
  expect(await look(ada).isOver(session)).toBe(false)
})

it('where a second factor is demanded, an account without one owes it, unless a provider has said who it is', async () => {
  const sessions = sessionsAt({ now: 1_000_000, isSecondFactorRequired: true }, SECRET, '', ada)
  const here = { kind: 'account', name: 'ada', epoch: 3 } as const
  expect(await sessions.read(await sessions.begin(here))).toMatchObject({ owes: 'second-factor' })
  const cookie = await sessions.begin({ ...here, provider: true })
  expect((await sessions.read(cookie))?.owes).toBeUndefined()
})
