import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** 32 MiB and some 80 ms: what the password storage guide of OWASP asks for, at the least. */
const COST = { N: 2 ** 15, r: 8, p: 3 }
const MAX_MEMORY = 64 * 1024 * 1024
const KEY_BYTES = 32
const SHAPE = /^scrypt\$(?<N>\d+)\$(?<r>\d+)\$(?<p>\d+)\$(?<salt>[\w-]+)\$(?<key>[\w-]+)$/

/** A password as it may be kept: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string, salt = randomBytes(16)): Promise<string> {
  const key = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Never right for what is no hash of ours. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const parts = SHAPE.exec(hash)?.groups
  if (!parts) return false
  const cost = { N: Number(parts['N']), r: Number(parts['r']), p: Number(parts['p']) }
  const kept = Buffer.from(parts['key'] ?? '', 'base64url')
  const given = await derive(password, Buffer.from(parts['salt'] ?? '', 'base64url'), cost)
  return kept.length === given.length && timingSafeEqual(kept, given)
}

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  const options = { ...cost, maxmem: MAX_MEMORY }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
