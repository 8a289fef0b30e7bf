export interface RateLimit {
  /** Takes one of what may be done now; false when there is none left. */
  take(): boolean
  /** Vonage's headers about it; none while there is no limit. The reset is in milliseconds, as in its examples. */
  headers(): Record<string, string>
}

/** A token bucket that holds one second's worth; no limit while the rate is null. */
export function createRateLimit(perSecond: () => number | null, now: () => number = Date.now): RateLimit {
  let tokens = Infinity
  let countedAt = now()
  const count = (rate: number) => {
    const at = now()
    tokens = Math.min(rate, tokens + ((at - countedAt) / 1_000) * rate)
    countedAt = at
  }
  return {
    take() {
      const rate = perSecond()
      if (rate === null) return true
      count(rate)
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    headers() {
      const rate = perSecond()
      if (rate === null) return {}
      count(rate)
      const untilFullMs = ((rate - tokens) / rate) * 1_000
      return {
        'x-ratelimit-limit': String(Math.max(1, Math.floor(rate))),
        'x-ratelimit-remaining': String(Math.floor(tokens)),
        'x-ratelimit-reset': String(Math.ceil(now() + untilFullMs)),
      }
    },
  }
}
