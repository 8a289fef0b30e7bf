import { createHash } from 'node:crypto'

import type { Account } from '@switchboard/store'
import { seal, unseal } from '@switchboard/tokens'
import { Secret, TOTP } from 'otpauth'

const PERIOD_MS = 30_000
/** Clocks of phones may be a step off, to either side. */
const STEPS_OFF = 1
const RECOVERY_CODES = 10

export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What a phone reads as a QR code. */
export function totpUri(secret: string, name: string): string {
  return totp(secret, name).toString()
}

/** The time step that a code is of, within a step of now; undefined: it is of none. */
export function stepOfCode(secret: string, code: string, now: number): number | undefined {
  const token = code.replaceAll(/\s/g, '')
  const delta = totp(secret).validate({ token, timestamp: now, window: STEPS_OFF })
  return delta === null ? undefined : Math.floor(now / PERIOD_MS) + delta
}

/** Shown once: 80 bits each, so that a plain hash of one tells nobody anything. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
}

export function hashRecoveryCode(code: string): string {
  const plain = code.toLowerCase().replaceAll(/[^a-z2-7]/g, '')
  return createHash('sha256').update(plain).digest('base64url')
}

/**
 * The account after somebody has used a code of its app or one of its recovery codes: neither is good again. Undefined: it is
 * no code of this account. A secret sealed with an older key is sealed anew.
 */
export function useCode(account: Account, code: string, sessionSecret: string, now: number): Account | undefined {
  const hash = hashRecoveryCode(code)
  if (account.recoveryCodes.includes(hash)) {
    return { ...account, recoveryCodes: account.recoveryCodes.filter((each) => each !== hash) }
  }
  const { secondFactor } = account
  const secret = secondFactor && unseal(sessionSecret, 'totp', secondFactor.sealed)
  if (!secondFactor || secret === undefined) return undefined
  const lastStep = stepOfCode(secret, code, now)
  if (lastStep === undefined || lastStep <= secondFactor.lastStep) return undefined
  return { ...account, secondFactor: { sealed: seal(sessionSecret, 'totp', secret), lastStep } }
}

function totp(secret: string, label = ''): TOTP {
  return new TOTP({ issuer: 'Switchboard', label, secret: Secret.fromBase32(secret) })
}

function newRecoveryCode(): string {
  return new Secret({ size: 10 }).base32.toLowerCase().match(/.{4}/g)?.join('-') ?? ''
}
