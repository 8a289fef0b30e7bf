import type { JobObservation } from '@switchboard/contracts'
import { Counter, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

/** Durations, endings and lateness of jobs, and how long they wait for a rate. */
export function createJobMetrics(registry: Registry): (job: JobObservation) => void {
  const labelNames = ['queue']
  const endings = new Counter({
    name: 'switchboard_jobs_total',
    help: 'Jobs by queue and ending',
    labelNames: ['queue', 'ending'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'switchboard_job_duration_seconds',
    help: 'How long a job ran',
    labelNames,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  const lateness = new Histogram({
    name: 'switchboard_job_lateness_seconds',
    help: 'How long after its due time a job began',
    labelNames,
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  })
  const waits = new Histogram({
    name: 'switchboard_rate_limit_wait_seconds',
    help: 'How long a job that met a rate limit, or its whole queue, was made to wait',
    labelNames,
    buckets: [0.025, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  })
  return ({ queue, ending, durationMs, latenessMs, waitMs }) => {
    endings.inc({ queue, ending })
    duration.observe({ queue }, durationMs / 1_000)
    lateness.observe({ queue }, Math.max(0, latenessMs) / 1_000)
    if (waitMs !== undefined) waits.observe({ queue }, waitMs / 1_000)
  }
}
