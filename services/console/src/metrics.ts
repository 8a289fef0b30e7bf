import type { QueueState } from '@switchboard/queue'
import type { RedisFacts } from '@switchboard/runtime'
import { Counter, Gauge } from 'prom-client'
import type { Registry } from 'prom-client'

export interface MetricSources {
  readQueues: () => Promise<QueueState[]>
  readRedis: () => Promise<RedisFacts>
  countOpenAlerts: () => Promise<number>
  countBlockedAlerts: () => Promise<number>
  countFollowUps: () => Promise<number>
  now: () => number
}

/** What lies in Redis, read when it is asked for. One process exports it for all. */
export function createStateMetrics(registry: Registry, sources: MetricSources): void {
  queueMetrics(registry, sources)
  const { readRedis, countOpenAlerts, countBlockedAlerts, countFollowUps } = sources
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })
  gauge('switchboard_alerts_open', 'Alerts that walk now', countOpenAlerts)
  gauge(
    'switchboard_alerts_blocked',
    'Alerts at the end of their list that could not ask everybody on it, now',
    countBlockedAlerts,
  )
  gauge('switchboard_follow_ups_open', 'Replies that wait for a person', countFollowUps)
  gauge('switchboard_redis_memory_bytes', 'Memory that Redis uses', async () => (await readRedis()).usedBytes)
  gauge(
    'switchboard_redis_memory_limit_bytes',
    'Memory that Redis may use; 0: all',
    async () => (await readRedis()).maxBytes,
  )
  gauge(
    'switchboard_redis_warnings',
    'Settings of Redis that are unsafe',
    async () => (await readRedis()).warnings.length,
  )
}

/** BullMQ's own metrics, by the names that its exporter and dashboards for it use, and the age of what waits. */
function queueMetrics(registry: Registry, { readQueues, now }: MetricSources): void {
  const jobs = new Gauge({
    name: 'bullmq_job_count',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers: [],
  })
  const completed = new Counter({
    name: 'bullmq_job_completed_total',
    help: 'Completed jobs',
    labelNames: ['queue'],
    registers: [],
  })
  const failed = new Counter({
    name: 'bullmq_job_failed_total',
    help: 'Failed jobs',
    labelNames: ['queue'],
    registers: [],
  })
  const oldest = new Gauge({
    name: 'switchboard_queue_oldest_seconds',
    help: 'How long the job waits that waits longest; 0 when none does',
    labelNames: ['queue'],
    registers: [],
    async collect() {
      completed.reset()
      failed.reset()
      for (const { name, counts, completedEver, failedEver, oldestWaitingAt, service } of await readQueues()) {
        for (const [state, count] of Object.entries(counts)) jobs.set({ queue: name, state }, count)
        completed.inc({ queue: name }, completedEver)
        failed.inc({ queue: name }, failedEver)
        // A queue that nobody works may keep its jobs for ever.
        const isLate = oldestWaitingAt !== undefined && service !== null
        this.set({ queue: name }, isLate ? Math.max(0, now() - oldestWaitingAt) / 1_000 : 0)
      }
    },
  })
  // In this order: the first one fills the others.
  for (const metric of [oldest, jobs, completed, failed]) registry.registerMetric(metric)
}

/** Logins with a wrong password. */
export function createLoginFailureCounter(registry: Registry): () => void {
  const counter = new Counter({
    name: 'switchboard_login_failures_total',
    help: 'Logins to the console with a wrong password',
    registers: [registry],
  })
  return () => counter.inc()
}
