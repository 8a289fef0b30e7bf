import { randomBytes, scryptSync } from 'node:crypto'

const COST = { N: 16, r: 1, p: 1 }

/** A password as an account keeps it, only that a login with it is no work: real hashes are meant to be slow. */
export function hashQuickly(password: string): string {
  const salt = randomBytes(16)
  const key = scryptSync(password, salt, 32, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}
