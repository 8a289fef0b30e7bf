/** What a valid signature says. Times in seconds, as Vonage signs them. */
export interface Claims {
  iat: number
  jti?: string | undefined
  api_key?: string | undefined
  application_id?: string | undefined
}

/**
 * Who sent a request. `unsigned` is told apart from `forged` because Vonage may send a genuine callback unsigned
 * and repeats it, signed, after a 5xx.
 */
export type Verdict = { kind: 'verified'; claims: Claims } | { kind: 'unsigned' } | { kind: 'forged'; reason: string }

export function forged(reason: string): Verdict {
  return { kind: 'forged', reason }
}
