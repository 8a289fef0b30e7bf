import type { Account } from '@switchboard/store'
import { hashPassword } from '@switchboard/tokens'
import { expect, it } from 'vitest'

import { createCheckLogin } from './check-login.ts'

it('under the name of an account its own password counts, under any other the shared ones', async () => {
  const password = await hashPassword('of-ada')
  const ada: Account = {
    name: 'ada',
    role: 'operator',
    password,
    mustChangePassword: false,
    recoveryCodes: [],
    epoch: 0,
    createdAt: 0,
  }
  const accounts = new Map([
    ['ada', ada],
    ['ben', { ...ada, name: 'ben', disabledAt: 1 }],
  ])
  const check = createCheckLogin({ get: async (name) => accounts.get(name) }, async (given) =>
    given === 'of-all' ? 'admin' : undefined,
  )
  expect(await check({ name: 'ada', password: 'of-ada' })).toEqual({ kind: 'account', account: ada })
  expect(await check({ name: 'ada', password: 'of-all' })).toEqual({ kind: 'refused' })
  expect(await check({ name: 'ben', password: 'of-ada' })).toEqual({ kind: 'refused' })
  expect(await check({ name: 'eve', password: 'of-ada' })).toEqual({ kind: 'refused' })
  expect(await check({ name: 'Eve', password: 'of-all' })).toEqual({ kind: 'shared', role: 'admin', name: 'Eve' })
  expect(await check({ name: '', password: 'of-all' })).toEqual({ kind: 'shared', role: 'admin', name: 'admin' })
})
