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
export type Verdict =
  | {
      kind: 'verified'
      claims: Claims
      /**
       * Came with the token, but nothing in it vouches for this query: whoever has the token could choose another. To
       * be remembered, so that the token is good for one query only. The hash is that of what was signed.
       */
      unbound?: { tokenHash: string; query: string }
    }
  | { kind: 'unsigned' }
  | { kind: 'forged'; reason: string }

export function forged(reason: string): Verdict {
  return { kind: 'forged', reason }
}
