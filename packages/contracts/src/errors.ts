/** The work will never succeed: it fails at once and the job stays as the dead letter. */
export class PermanentError extends Error {
  override name = 'PermanentError'
}

/** Not yet: this job alone runs again after that time, without an attempt spent. */
export class PostponedError extends Error {
  override name = 'PostponedError'
  readonly delayMs: number

  constructor(message: string, delayMs: number) {
    super(message)
    this.delayMs = Math.max(1, Math.ceil(delayMs))
  }
}

/** Too fast: the queue pauses for that long and the job runs again without an attempt spent. */
export class RateLimitedError extends Error {
  override name = 'RateLimitedError'
  readonly retryAfterMs: number

  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options)
    this.retryAfterMs = Math.max(1, Math.ceil(retryAfterMs))
  }
}
