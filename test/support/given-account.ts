import { randomBytes, scryptSync } from 'node:crypto'

import type { Role } from '@switchboard/contracts'
import { createAccounts } from '@switchboard/store'
import type { Redis } from 'ioredis'

import type { Login } from './console-client.ts'

/** Real hashes are meant to be slow. */
const COST = { N: 16, r: 1, p: 1 }
const PASSWORD = 'a password of my own'

/** An account with a password of its own, as the console keeps it, only that a login with it is no work. */
export async function givenAccount(redis: Redis, name: string, role: Role): Promise<Login> {
  await createAccounts(redis).create({
    name,
    role,
    password: hashQuickly(PASSWORD),
    mustChangePassword: false,
    recoveryCodes: [],
    epoch: 0,
    createdAt: Date.now(),
  })
  return { name, password: PASSWORD }
}

function hashQuickly(password: string): string {
  const salt = randomBytes(16)
  const key = scryptSync(password, salt, 32, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}
