import { PermanentError, PostponedError, RateLimitedError } from '@switchboard/contracts'

export type FailureKind =
  | { kind: 'permanent'; reason: string }
  | { kind: 'rate-limited'; retryAfterMs: number }
  | { kind: 'postponed'; delayMs: number }
  | { kind: 'retry' }

/** How a handler's error ends its job: the one place where this is decided. */
export function classifyFailure(error: unknown): FailureKind {
  if (error instanceof RateLimitedError) return { kind: 'rate-limited', retryAfterMs: error.retryAfterMs }
  if (error instanceof PostponedError) return { kind: 'postponed', delayMs: error.delayMs }
  if (error instanceof PermanentError) return { kind: 'permanent', reason: error.message }
  return { kind: 'retry' }
}
