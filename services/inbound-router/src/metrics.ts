import { Counter } from 'prom-client'
import type { Registry } from 'prom-client'

/** Inbound messages by channel and the workflow they went to. */
export function createRouteCounter(registry: Registry): (channel: string, route: string) => void {
  const counter = new Counter({
    name: 'switchboard_inbound_total',
    help: 'Inbound messages by channel and route',
    labelNames: ['channel', 'route'],
    registers: [registry],
  })
  return (channel, route) => counter.inc({ channel, route })
}
