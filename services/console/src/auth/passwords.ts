import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

import type { Role } from '@switchboard/contracts'

/** The two passwords of the installation, each known to several people. */
export type SharedRole = Extract<Role, 'admin' | 'viewer'>

/** Whose password this is; undefined: nobody's. */
export type CheckPassword = (given: string) => Promise<SharedRole | undefined>

/**
 * Passwords are kept as scrypt hashes with a salt of this process; every check takes as long as any other. Who has none is
 * what no password is.
 */
export async function createPasswords(
  passwords: Partial<Record<SharedRole, string | undefined>>,
): Promise<CheckPassword> {
  const salt = randomBytes(16)
  const hashOf = (password?: string) => (password === undefined ? randomBytes(32) : hash(password, salt))
  const [admin, viewer] = await Promise.all([hashOf(passwords.admin), hashOf(passwords.viewer)])
  return async (given) => {
    const candidate = await hash(given, salt)
    const isAdmin = timingSafeEqual(candidate, admin)
    const isViewer = timingSafeEqual(candidate, viewer)
    if (isAdmin) return 'admin'
    return isViewer ? 'viewer' : undefined
  }
}

/** 32 MiB and some 80 ms: what the password storage guide of OWASP asks for, at the least. */
function hash(password: string, salt: Buffer): Promise<Buffer> {
  const options = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
