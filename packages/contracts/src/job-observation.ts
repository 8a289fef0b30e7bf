export type JobEnding = 'completed' | 'retried' | 'failed' | 'rate-limited' | 'postponed'

/** How one try of a job went, for metrics. */
export interface JobObservation {
  queue: string
  ending: JobEnding
  durationMs: number
  latenessMs: number
  /** How long a rate-limited job, or its whole queue, now waits. */
  waitMs?: number
}
