import { createHash, createHmac } from 'node:crypto'

import { isSameSecret } from './bytes.ts'
import type { SmsParams } from './read-params.ts'
import { forged } from './verdict.ts'
import type { Verdict } from './verdict.ts'

/** The account setting "signature method"; `md5hash` is the default, the others are HMACs. */
export const smsSignatureMethods = ['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const
export type SmsSignatureMethod = (typeof smsSignatureMethods)[number]

/** Signs SMS API parameters (reference: "Legacy SMS sig"). Lower-case hex. */
export function smsSignature(params: SmsParams, secret: string, method: SmsSignatureMethod): string {
  const text = canonical(params)
  return method === 'md5hash'
    ? createHash('md5')
        .update(text + secret, 'utf8')
        .digest('hex')
    : createHmac(method, secret).update(text, 'utf8').digest('hex')
}

/** A clock of Vonage's may run ahead of ours by so much; a captured request must not become valid later. */
const FUTURE_SECONDS = 300

export interface SmsSignatureOptions {
  secret: string
  method: SmsSignatureMethod
  toleranceSeconds: number
  /** Milliseconds. */
  now: () => number
}

/** Verifies `sig` of inbound SMS and delivery receipts. The parameters as received: decoded, none left out. */
export function createSmsSignatureVerifier({ secret, method, toleranceSeconds, now }: SmsSignatureOptions) {
  return (params: SmsParams): Verdict => {
    const { sig, timestamp } = params
    if (sig === undefined) return { kind: 'unsigned' }
    // In values they are replaced before signing; in a name they would let one signature stand for other parameters.
    if (Object.keys(params).some((name) => /[&=]/.test(name))) return forged('a parameter has & or = in its name')
    if (!isSameSecret(sig.toLowerCase(), smsSignature(params, secret, method))) return forged('sig does not match')
    const iat = /^\d{1,12}$/.test(timestamp ?? '') ? Number(timestamp) : undefined
    // Without a signed time a captured request could be replayed for ever.
    if (iat === undefined) return forged('timestamp is missing')
    const age = now() / 1000 - iat
    if (age > toleranceSeconds) return forged('timestamp is outside the window')
    if (age < -FUTURE_SECONDS) return forged('timestamp is in the future')
    return { kind: 'verified', claims: { iat, api_key: params['api-key'], jti: params['nonce'] } }
  }
}

function canonical(params: SmsParams): string {
  return Object.keys(params)
    .filter((name) => name !== 'sig')
    .sort() // By code unit: `message-timestamp` comes before `messageId`.
    .map((name) => `&${name}=${(params[name] ?? '').replace(/[&=]/g, '_')}`)
    .join('')
}
