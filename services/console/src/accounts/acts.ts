import { randomBytes } from 'node:crypto'

import type { AuditEntry, Role } from '@switchboard/contracts'
import type { Account, Accounts } from '@switchboard/store'
import { hashPassword } from '@switchboard/tokens'

import { hashRecoveryCode, newRecoveryCodes } from '../auth/second-factor.ts'
import type { Trail } from '../trail.ts'

export interface AccountActsDeps {
  accounts: Pick<Accounts, 'create' | 'change' | 'list'>
  trail: Trail
  now: () => number
}

type SecondFactor = NonNullable<Account['secondFactor']>

/** Who does it, as the audit trail names them. */
export type Actor = Pick<AuditEntry, 'who' | 'kind'>

export type AccountActs = ReturnType<typeof createAccountActs>

/** What becomes of accounts, each act in the audit trail before it is done. Whatever takes something from somebody ends their sessions. */
export function createAccountActs({ accounts, trail, now }: AccountActsDeps) {
  const note = (by: Actor, action: string, target: string, detail?: string) =>
    trail.add({ at: now(), ...by, action, target, ...(detail === undefined ? {} : { detail }) })

  return {
    ...secondFactorActs(accounts, note),
    list: () => accounts.list(),

    /** Resolves to its first password, or to nothing: the name is taken. */
    async create(name: string, role: Role, by: Actor): Promise<string | undefined> {
      const password = newPassword()
      const created = {
        name,
        role,
        password: await hashPassword(password),
        mustChangePassword: true,
        recoveryCodes: [],
        epoch: 0,
        createdAt: now(),
      }
      await note(by, 'account.create', name, role)
      return (await accounts.create(created)) ? password : undefined
    },

    /** A new password, and no second factor, for who is locked out. Undefined: there is no such account. */
    async reset(name: string, by: Actor): Promise<string | undefined> {
      const password = newPassword()
      const hash = await hashPassword(password)
      await note(by, 'account.reset', name)
      return (await accounts.change(name, (account) =>
        over({ ...withoutSecondFactor(account), password: hash, mustChangePassword: true }),
      ))
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

type Note = (by: Actor, action: string, target: string, detail?: string) => Promise<void>

function secondFactorActs(accounts: Pick<Accounts, 'change'>, note: Note) {
  return {
    /** From now on a login takes a code of the app as well; resolves to the account and codes that help without it. */
    async setSecondFactor(name: string, secondFactor: SecondFactor, by: Actor) {
      await note(by, 'account.second-factor', name, 'on')
      const codes = newRecoveryCodes()
      const recoveryCodes = codes.map(hashRecoveryCode)
      const account = await accounts.change(name, (current) => over({ ...current, secondFactor, recoveryCodes }))
      return account && { account, codes }
    },

    async removeSecondFactor(name: string, by: Actor): Promise<Account | undefined> {
      await note(by, 'account.second-factor', name, 'off')
      return accounts.change(name, withoutSecondFactor)
    },

    /** Instead of those there are. */
    async renewRecoveryCodes(name: string, by: Actor): Promise<string[] | undefined> {
      await note(by, 'account.recovery-codes', name)
      const codes = newRecoveryCodes()
      const recoveryCodes = codes.map(hashRecoveryCode)
      return (await accounts.change(name, (current) => ({ ...current, recoveryCodes }))) && codes
    },
  }
}

/** All its sessions end. */
function over(account: Account): Account {
  return { ...account, epoch: account.epoch + 1 }
}

function withoutSecondFactor({ secondFactor: _, ...account }: Account): Account {
  return { ...account, recoveryCodes: [] }
}

/** Can be read out over the phone: no letter is like a digit. 80 bits. */
function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
  const text = Array.from(randomBytes(16), (byte) => letters[byte % letters.length]).join('')
  return text.replaceAll(/(.{4})(?!$)/g, '$1-')
}
