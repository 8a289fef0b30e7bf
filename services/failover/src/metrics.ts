import type { Alert } from '@switchboard/contracts'
import { Counter, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

/** How alerts end, how long attention takes; how late steps are. */
export function createAlertMetrics(registry: Registry) {
  const registers = [registry]
  const endings = new Counter({
    name: 'switchboard_alerts_ended_total',
    help: 'Alerts by how they ended',
    labelNames: ['state', 'how'],
    registers,
  })
  const attention = new Histogram({
    name: 'switchboard_alert_attention_seconds',
    help: 'From the start of an alert to the attention that ended it',
    buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400],
    registers,
  })
  const lateness = new Histogram({
    name: 'switchboard_alert_step_lateness_seconds',
    help: 'How long after its deadline a step was left',
    buckets: [0.005, 0.01, 0.025, 0.1, 0.5, 2, 10],
    registers,
  })
  const blocked = new Counter({
    name: 'switchboard_alerts_blocked_total',
    help: 'Alerts that came to the end of their list while some on it could not be asked',
    registers,
  })
  return {
    blocked: () => blocked.inc(),
    ended({ state, attendedBy, createdAt }: Alert): void {
      endings.inc({ state, how: attendedBy?.how ?? '' })
      if (attendedBy) attention.observe((attendedBy.at - createdAt) / 1_000)
    },
    lateness: (ms: number) => lateness.observe(Math.max(0, ms) / 1_000),
  }
}
