import type { Account } from '@switchboard/store'

/** What the installation asks of everybody beside a password. */
export interface SecondFactorRule {
  /** An account without one can do nothing but set it up. Whoever comes by a provider has shown there what it asks for. */
  isRequired: boolean
  /** Whether the passwords that several people know, which have no second factor, open nothing any more. */
  isSharedOver: () => Promise<boolean>
}

interface RuleDeps {
  isRequired: boolean
  /** A moment old at most. */
  readAccounts: () => Promise<Account[]>
}

/** Shared passwords are the way in until an admin has an account with a second factor: from then on they would be the way past it. */
export function createSecondFactorRule({ isRequired, readAccounts }: RuleDeps): SecondFactorRule {
  return { isRequired, isSharedOver: async () => isRequired && (await readAccounts()).some(isProtectedAdmin) }
}

function isProtectedAdmin({ role, disabledAt, secondFactor }: Account): boolean {
  return role === 'admin' && disabledAt === undefined && secondFactor !== undefined
}
