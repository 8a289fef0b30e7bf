/** A token bucket that holds one second's worth; no limit while the rate is null. */
export function createRateLimit(perSecond: () => number | null, now: () => number = Date.now): () => boolean {
  let tokens = Infinity
  let countedAt = now()
  return () => {
    const rate = perSecond()
    if (rate === null) return false
    const at = now()
    tokens = Math.min(rate, tokens + ((at - countedAt) / 1_000) * rate)
    countedAt = at
    if (tokens < 1) return true
    tokens -= 1
    return false
  }
}
