/**
 * Remembers the tokens that opened a call until they expire, so that a token opens one call only. Bounded. Known to this
 * process alone: with several replicas a token can be replayed on another one within its 60 s unless the load balancer
 * keeps a client address on one replica (and even then the call it names must still be said in the first frame).
 */
export interface UsedTokens {
  /** `full` when too many are remembered to keep the promise for one more. */
  use(id: string, expiresAt: number, now: number): 'first' | 'again' | 'full'
}

export function createUsedTokens(capacity: number): UsedTokens {
  const expiries = new Map<string, number>()
  return {
    use(id, expiresAt, now) {
      if (expiries.has(id)) return 'again'
      if (expiries.size >= capacity) forgetExpired(expiries, now)
      if (expiries.size >= capacity) return 'full'
      expiries.set(id, expiresAt)
      return 'first'
    },
  }
}

function forgetExpired(expiries: Map<string, number>, now: number): void {
  for (const [id, expiresAt] of expiries) if (expiresAt <= now) expiries.delete(id)
}
