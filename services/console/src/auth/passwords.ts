import { randomBytes, timingSafeEqual } from 'node:crypto'

import type { Role } from '@switchboard/contracts'
import { hashPassword } from '@switchboard/tokens'

/** The two passwords of the installation, each known to several people. */
export type SharedRole = Extract<Role, 'admin' | 'viewer'>

/** Whose password this is; undefined: nobody's. */
export type CheckPassword = (given: string) => Promise<SharedRole | undefined>

/**
 * Both hashed with one salt of this process, so that every check is one hash. Who has none is what no password
 * is.
 */
export async function createPasswords(
  passwords: Partial<Record<SharedRole, string | undefined>>,
): Promise<CheckPassword> {
  const salt = randomBytes(16)
  const hash = async (password: string) => Buffer.from(await hashPassword(password, salt))
  const hashOf = (password?: string) => hash(password ?? randomBytes(32).toString('hex'))
  const [admin, viewer] = await Promise.all([hashOf(passwords.admin), hashOf(passwords.viewer)])
  return async (given) => {
    const candidate = await hash(given)
    const isAdmin = timingSafeEqual(candidate, admin)
    const isViewer = timingSafeEqual(candidate, viewer)
    if (isAdmin) return 'admin'
    return isViewer ? 'viewer' : undefined
  }
}
