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

/** Sign-ups that were refused, by the limit they had reached. */
export function createSignupLimitCounter(registry: Registry): (limit: string) => void {
  const counter = new Counter({
    name: 'switchboard_signups_limited_total',
    help: 'Sign-ups refused on the web page, by the limit that was reached',
    labelNames: ['limit'],
    registers: [registry],
  })
  return (limit) => counter.inc({ limit })
}

/** Requests to the API that were refused for their token, by reason: unknown, expired, revoked, scope. */
export function createTokenFailureCounter(registry: Registry): (reason: string) => void {
  const counter = new Counter({
    name: 'switchboard_token_failures_total',
    help: 'Requests to the API refused for their token, by reason',
    labelNames: ['reason'],
    registers: [registry],
  })
  return (reason) => counter.inc({ reason })
}

/** Requests that were refused because the process could not keep up. */
export function createShedCounter(registry: Registry): () => void {
  const counter = new Counter({
    name: 'switchboard_requests_shed_total',
    help: 'Requests refused with 503 because ingress could not keep up',
    registers: [registry],
  })
  return () => counter.inc()
}
