import { Counter } from 'prom-client'
import type { Registry } from 'prom-client'

/** Sends by channel, purpose and result; statuses by channel and state; events of calls. */
export function createOutboundMetrics(registry: Registry) {
  const sends = new Counter({
    name: 'switchboard_sends_total',
    help: 'Outbound messages by channel, purpose and result',
    labelNames: ['channel', 'purpose', 'result'],
    registers: [registry],
  })
  const statuses = new Counter({
    name: 'switchboard_statuses_total',
    help: 'Statuses by channel and state',
    labelNames: ['channel', 'state'],
    registers: [registry],
  })
  const callEvents = new Counter({
    name: 'switchboard_call_events_total',
    help: 'Events of calls by status',
    labelNames: ['status'],
    registers: [registry],
  })
  return {
    callEvent: (status: string) => callEvents.inc({ status }),
    sent: (channel: string, purpose: string, result: string) => sends.inc({ channel, purpose, result }),
    status: (channel: string, state: string) => statuses.inc({ channel, state }),
  }
}
