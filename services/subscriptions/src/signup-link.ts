import { CONFIRMED_KEPT_SECONDS } from '@switchboard/store'
import type { Signup } from '@switchboard/store'
import { issueLinkToken } from '@switchboard/tokens'

/** Makes the links that confirm or decline a sign-up. The same sign-up always gets the same links. */
export function createSignupLink({ publicUrl, secret }: { publicUrl: string; secret: string }) {
  const base = publicUrl.replace(/\/+$/, '')
  return (answer: 'confirm' | 'decline', { id, createdAt, expiresAt }: Signup): string => {
    const ttlSeconds = answer === 'decline' ? CONFIRMED_KEPT_SECONDS : Math.ceil((expiresAt - createdAt) / 1_000)
    const token = issueLinkToken(secret, { purpose: answer, subject: id, ttlSeconds, now: createdAt })
    return `${base}/signup/${answer}/${token}`
  }
}
