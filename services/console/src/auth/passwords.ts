import { hash, randomUUID, timingSafeEqual } from 'node:crypto'

import type { Role } from '@switchboard/contracts'
import { hashPassword } from '@switchboard/tokens'

/** The two passwords of the installation, each known to several people. */
export type SharedRole = Extract<Role, 'admin' | 'viewer'>

/** Whose password this is; undefined: nobody's. */
export type CheckPassword = (given: string) => Promise<SharedRole | undefined>

/** They are kept as they are, in the environment; a check takes as long as that of an account's password, which is hashed. */
export function createPasswords(passwords: Partial<Record<SharedRole, string | undefined>>): CheckPassword {
  return async (given) => {
    await hashPassword(given)
    const isAdmin = isSame(given, passwords.admin)
    const isViewer = isSame(given, passwords.viewer)
    if (isAdmin) return 'admin'
    return isViewer ? 'viewer' : undefined
  }
}

/** Without telling by its duration where the difference is. Who has no password is what no password is. */
function isSame(given: string, expected: string = randomUUID()): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return hash('sha256', text.normalize('NFKC'), 'buffer')
}
