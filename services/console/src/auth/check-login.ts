import type { Account, Accounts } from '@switchboard/store'
import { isPassword } from '@switchboard/tokens'

import type { CheckPassword, SharedRole } from './passwords.ts'

export type LoginCheck =
  | { kind: 'refused' }
  | { kind: 'shared'; role: SharedRole; name: string }
  | { kind: 'account'; account: Account; provider?: true }
  /** The password is right; a code is missing. */
  | { kind: 'needs-code'; account: Account }

export type CheckLogin = (given: { name: string; password: string }) => Promise<LoginCheck>

/**
 * Whose name and password these are: an account's, or one of the two passwords that several people know. Under the name of an
 * account only its own password counts. One hash each time, so that the time says nothing about which accounts there are.
 */
export function createCheckLogin(accounts: Pick<Accounts, 'get'>, checkShared: CheckPassword): CheckLogin {
  return async ({ name, password }) => {
    const account = await accounts.get(name)
    if (account) {
      const isOwn = await isPassword(password, account.password)
      if (!isOwn || account.disabledAt !== undefined) return { kind: 'refused' }
      return { kind: account.secondFactor ? 'needs-code' : 'account', account }
    }
    const role = await checkShared(password)
    return role ? { kind: 'shared', role, name: name || role } : { kind: 'refused' }
  }
}
