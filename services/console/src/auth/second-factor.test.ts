import type { Account } from '@switchboard/store'
import { seal, unseal } from '@switchboard/tokens'
import { Secret, TOTP } from 'otpauth'
import { expect, it } from 'vitest'

import { hashRecoveryCode, newRecoveryCodes, newTotpSecret, stepOfCode, totpUri, useCode } from './second-factor.ts'

const SECRET = 'a secret of at least 16 characters'
const now = 1_790_000_010_000
const totpSecret = newTotpSecret()
const codeAt = (timestamp: number) => new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({ timestamp })

function ada(changes: Partial<Account> = {}): Account {
  return {
    name: 'ada',
    role: 'admin',
    password: '',
    mustChangePassword: false,
    secondFactor: { sealed: seal(SECRET, 'totp', totpSecret), lastStep: 0 },
    recoveryCodes: [],
    epoch: 0,
    createdAt: 0,
    ...changes,
  }
}

it('a code of the app counts once, and none that is older than one that was used', () => {
  const after = useCode(ada(), codeAt(now), SECRET, now)
  if (!after) throw new Error('the code was refused')
  expect(useCode(after, codeAt(now), SECRET, now)).toBeUndefined()
  expect(useCode(after, codeAt(now - 30_000), SECRET, now)).toBeUndefined()
  expect(useCode(after, codeAt(now + 30_000), SECRET, now)).toBeDefined()
})

it.each([
  ['two steps old', codeAt(now - 60_000)],
  ['none', ''],
  ['not six digits', '12345'],
])('a code that is %s is refused', (_name, code) => {
  expect(useCode(ada(), code, SECRET, now)).toBeUndefined()
})

it('a recovery code is good once, however it is written', () => {
  const [code = '', other = ''] = newRecoveryCodes()
  const account = ada({ recoveryCodes: [code, other].map(hashRecoveryCode) })
  const after = useCode(account, ` ${code.toUpperCase().replaceAll('-', ' ')}`, SECRET, now)
  expect(after?.recoveryCodes).toEqual([hashRecoveryCode(other)])
  expect(after && useCode(after, code, SECRET, now)).toBeUndefined()
})

it('outlives a change of the secret that seals it, but not a lost one', () => {
  const newer = 'a newer secret of 16 characters'
  const after = useCode(ada(), codeAt(now), `${newer},${SECRET}`, now)
  expect(unseal(newer, 'totp', after?.secondFactor?.sealed ?? '')).toBe(totpSecret)
  expect(useCode(ada(), codeAt(now), newer, now)).toBeUndefined()
})

it('says to the phone what it is for', () => {
  expect(totpUri(totpSecret, 'ada')).toMatch(/^otpauth:\/\/totp\/Switchboard:ada\?issuer=Switchboard&secret=/)
  expect(stepOfCode(totpSecret, codeAt(now), now)).toBe(Math.floor(now / 30_000))
})
