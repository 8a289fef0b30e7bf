import { alertChannels } from '@switchboard/contracts'
import type { HeldSender } from '@switchboard/store'
import { Counter, Gauge, Histogram } from 'prom-client'
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
  const heldSenders = new Gauge({
    name: 'switchboard_sender_held',
    help: 'Senders that are held because Vonage refuses the account, by channel',
    labelNames: ['channel'],
    registers: [registry],
  })
  for (const channel of alertChannels) heldSenders.set({ channel }, 0)
  const callEvents = new Counter({
    name: 'switchboard_call_events_total',
    help: 'Events of calls by status',
    labelNames: ['status'],
    registers: [registry],
  })
  const replies = new Histogram({
    name: 'switchboard_reply_seconds',
    help: 'From the arrival of a message to the acceptance of its answer by Vonage',
    labelNames: ['channel'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
    registers: [registry],
  })
  const parked = new Counter({
    name: 'switchboard_statuses_parked_total',
    help: 'Statuses that came before their message was known',
    registers: [registry],
  })
  const budget = new Gauge({
    name: 'switchboard_budget_used_ratio',
    help: 'How much of its budget of the day a sender has used; 1: all',
    labelNames: ['channel'],
    registers: [registry],
  })
  return {
    budget: (channel: string, used: number) => budget.set({ channel }, used),
    held(senders: HeldSender[]): void {
      for (const channel of alertChannels) {
        heldSenders.set({ channel }, senders.filter((sender) => sender.channel === channel).length)
      }
    },
    replied: (channel: string, ms: number) => replies.observe({ channel }, ms / 1_000),
    parked: () => parked.inc(),
    callEvent: (status: string) => callEvents.inc({ status }),
    sent: (channel: string, purpose: string, result: string) => sends.inc({ channel, purpose, result }),
    status: (channel: string, state: string) => statuses.inc({ channel, state }),
  }
}
