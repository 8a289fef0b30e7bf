import { randomBytes } from 'node:crypto'

import type { AuditEntry, Role } from '@switchboard/contracts'
import type { Account, Accounts } from '@switchboard/store'
import { hashPassword } from '@switchboard/tokens'

import type { Trail } from '../trail.ts'

export interface AccountActsDeps {
  accounts: Pick<Accounts, 'create' | 'change' | 'list'>
  trail: Trail
  now: () => number
}

/** Who does it, as the audit trail names them. */
export type Actor = Pick<AuditEntry, 'who' | 'kind'>

export type AccountActs = ReturnType<typeof createAccountActs>

/** What becomes of accounts, each act in the audit trail before it is done. Whatever takes something from somebody ends their sessions. */
export function createAccountActs({ accounts, trail, now }: AccountActsDeps) {
  const note = (by: Actor, action: string, target: string, detail?: string) =>
    trail.add({ at: now(), ...by, action, target, ...(detail === undefined ? {} : { detail }) })

  return {
    list: () => accounts.list(),

    /** Resolves to its first password, or to nothing: the name is taken. */
    async create(name: string, role: Role, by: Actor): Promise<string | undefined> {
      const password = newPassword()
      const created = {
        name,
        role,
        password: await hashPassword(password),
        mustChangePassword: true,
        epoch: 0,
        createdAt: now(),
      }
      await note(by, 'account.create', name, role)
      return (await accounts.create(created)) ? password : undefined
    },

    /** A new password for who is locked out. Undefined: there is no such account. */
    async reset(name: string, by: Actor): Promise<string | undefined> {
      const password = newPassword()
      const hash = await hashPassword(password)
      await note(by, 'account.reset', name)
      return (await accounts.change(name, (account) => over({ ...account, password: hash, mustChangePassword: true })))
        ? password
        : undefined
    },

    /** By who has the account. Undefined: there is none any more. */
    async setPassword(name: string, password: string, by: Actor): Promise<Account | undefined> {
      const hash = await hashPassword(password)
      await note(by, 'account.password', name)
      return accounts.change(name, (account) => over({ ...account, password: hash, mustChangePassword: false }))
    },

    /** Ends all its sessions. */
    async logOut(name: string, by: Actor): Promise<Account | undefined> {
      await note(by, 'account.log-out', name)
      return accounts.change(name, over)
    },

    /** False: there is no such account. */
    async setRole(name: string, role: Role, by: Actor): Promise<boolean> {
      await note(by, 'account.role', name, role)
      return (await accounts.change(name, (account) => over({ ...account, role }))) !== undefined
    },

    async disable(name: string, by: Actor): Promise<boolean> {
      await note(by, 'account.disable', name)
      const disabledAt = now()
      return (await accounts.change(name, (account) => over({ ...account, disabledAt }))) !== undefined
    },

    async enable(name: string, by: Actor): Promise<boolean> {
      await note(by, 'account.enable', name)
      return (await accounts.change(name, ({ disabledAt: _, ...account }) => account)) !== undefined
    },
  }
}

/** All its sessions end. */
function over(account: Account): Account {
  return { ...account, epoch: account.epoch + 1 }
}

/** Can be read out over the phone: no letter is like a digit. 80 bits. */
function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  const text = Array.from(randomBytes(16), (byte) => letters[byte % letters.length]).join('')
  return text.replaceAll(/(.{4})(?!$)/g, '$1-')
}
