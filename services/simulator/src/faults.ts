import { z } from 'zod'

import { channels, type Channel } from './channels.ts'

const common = {
  /** How often it happens; `null`: until it is removed. */
  times: z.int().positive().nullable().default(1),
  /** Probability that it happens to one request or webhook. */
  rate: z.number().min(0).max(1).default(1),
  channel: z.enum(channels).optional(),
  /** Only for messages to or from this address. */
  address: z.string().optional(),
}

const send = z.literal('send')
const webhook = z.literal('webhook')
const webhookOnly = z.enum(['status', 'inbound', 'receipt', 'voice']).optional()

/** What can be made to go wrong. `send`: requests of the application; `webhook`: what Vonage sends to it. */
export const faultSchema = z.union([
  z.strictObject({
    target: send,
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfter: z.number().min(0).optional(),
    ...common,
  }),
  z.strictObject({ target: send, kind: z.literal('latency'), ms: z.number().min(0), ...common }),
  z.strictObject({ target: send, kind: z.literal('accept-then-drop'), ...common }),
  z.strictObject({ target: send, kind: z.literal('drop'), ...common }),
  z.strictObject({ target: send, kind: z.literal('hang'), ms: z.number().min(0).default(60_000), ...common }),
  z.strictObject({
    target: send,
    kind: z.literal('outcome'),
    outcome: z.enum(['rejected', 'undeliverable', 'silent', 'segment-timeout']),
    code: z.int().min(1000).max(9999).optional(),
    ...common,
  }),
  z.strictObject({
    target: webhook,
    kind: z.enum(['duplicate', 'reorder', 'drop', 'unsigned', 'wrong-signature', 'wrong-hash', 'stale-iat']),
    webhook: webhookOnly,
    ...common,
  }),
  z.strictObject({
    target: webhook,
    kind: z.literal('delay'),
    ms: z.number().min(0).default(2_000),
    webhook: webhookOnly,
    ...common,
  }),
])

export type Fault = z.infer<typeof faultSchema>
export type SendFault = Extract<Fault, { target: 'send' }>
export type WebhookFault = Extract<Fault, { target: 'webhook' }>

export interface ActiveFault {
  id: string
  fault: Fault
  remaining: number | null
  happened: number
}

export interface FaultSubject {
  channel?: Channel | undefined
  address?: string | undefined
  webhook?: string | undefined
}

export interface Faults {
  add(fault: Fault): ActiveFault
  remove(id: string): boolean
  clear(): void
  list(): ActiveFault[]
  /** The faults of these kinds that happen to the subject now; each counts as used. */
  takeSend(kinds: readonly SendFault['kind'][], subject: FaultSubject): SendFault[]
  takeWebhook(subject: FaultSubject): WebhookFault[]
}

export function createFaults(changed: () => void, random: () => number = Math.random): Faults {
  const active = new Map<string, ActiveFault>()
  let count = 0

  const use = (entry: ActiveFault) => {
    entry.happened += 1
    if (entry.remaining !== null) entry.remaining -= 1
    if (entry.remaining === 0) active.delete(entry.id)
    changed()
  }
  const happens = (fault: Fault, subject: FaultSubject) =>
    (fault.channel === undefined || fault.channel === subject.channel) &&
    (fault.address === undefined || fault.address === subject.address) &&
    (fault.rate >= 1 || random() < fault.rate)

  return {
    add(fault) {
      count += 1
      const entry = { id: `fault-${count}`, fault, remaining: fault.times, happened: 0 }
      active.set(entry.id, entry)
      changed()
      return entry
    },
    remove(id) {
      const existed = active.delete(id)
      if (existed) changed()
      return existed
    },
    clear() {
      active.clear()
      changed()
    },
    list: () => [...active.values()],
    takeSend(kinds, subject) {
      const taken: SendFault[] = []
      for (const entry of active.values()) {
        const { fault } = entry
        if (fault.target !== 'send' || !kinds.includes(fault.kind)) continue
        // Of one kind only the first: two scripted 429 answers are two requests, not one.
        if (taken.some((other) => other.kind === fault.kind) || !happens(fault, subject)) continue
        taken.push(fault)
        use(entry)
      }
      return taken
    },
    takeWebhook(subject) {
      const taken: WebhookFault[] = []
      for (const entry of active.values()) {
        const { fault } = entry
        if (fault.target !== 'webhook') continue
        if (fault.webhook !== undefined && fault.webhook !== subject.webhook) continue
        // A signature is wrong in one way: four scripted forgeries are four webhooks, not one.
        if (isForgery(fault) && taken.some(isForgery)) continue
        if (!happens(fault, subject)) continue
        taken.push(fault)
        use(entry)
      }
      return taken
    },
  }
}

const forgeries: readonly Fault['kind'][] = ['unsigned', 'wrong-signature', 'wrong-hash', 'stale-iat']

function isForgery({ kind }: WebhookFault): boolean {
  return forgeries.includes(kind)
}
