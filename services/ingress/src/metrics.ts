import { Counter } from 'prom-client'
import type { Registry } from 'prom-client'

/** Webhooks by route and outcome: parsed, ignored, unrecognised, unsigned, forged, closed. */
export function createWebhookCounter(registry: Registry): (route: string, outcome: string) => void {
  const counter = new Counter({
    name: 'switchboard_webhooks_total',
    help: 'Webhooks received, by route and outcome',
    labelNames: ['route', 'outcome'],
    registers: [registry],
  })
  return (route, outcome) => counter.inc({ route, outcome })
}
