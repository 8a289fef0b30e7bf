export interface FailureThrottle {
  count(): void
  /** What was counted before anybody knew was no failure. */
  forgive(): void
  /** Whether there were so many failures in this window, by whomever, that another guess is not even looked at. */
  isOver(): boolean
}

/** Counts the failures of everybody together: who guesses from a thousand addresses is one. */
export function createFailureThrottle({
  max,
  windowMs,
  now,
}: {
  max: number
  windowMs: number
  now: () => number
}): FailureThrottle {
  let window = 0
  let failures = 0
  const turn = () => {
    const current = Math.floor(now() / windowMs)
    if (current === window) return
    window = current
    failures = 0
  }
  return {
    count() {
      turn()
      failures += 1
    },
    forgive() {
      turn()
      failures = Math.max(0, failures - 1)
    },
    isOver() {
      turn()
      return failures >= max
    },
  }
}
