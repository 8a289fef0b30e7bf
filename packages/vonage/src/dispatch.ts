import type { Channel, MessageMedia, MessageParts } from '@switchboard/contracts'

import { v01Message } from './message-bodies.ts'
import type { V01Body } from './message-bodies.ts'
import { senderOf } from './sender-of.ts'
import type { Senders } from './sender-of.ts'

/** A failover workflow as `POST /v0.1/dispatch` takes it. */
export interface DispatchWorkflow {
  template: 'failover'
  workflow: (V01Body & { failover?: { expiry_time: number; condition_status: DispatchCondition } })[]
}

export type DispatchCondition = 'delivered' | 'read'

export interface DispatchStep extends MessageParts {
  channel: Channel
  to: string
  text: string
  /** Comes with the text. */
  media?: MessageMedia | undefined
  /** How long to wait for the condition. Default 600; Dispatch takes 15 to 86,400. Not used on the last step. */
  expirySeconds?: number | undefined
  /** Default `read`. Not used on the last step. */
  condition?: DispatchCondition | undefined
}

export const DISPATCH_EXPIRY_SECONDS = { min: 15, max: 86_400, default: 600 } as const

/** The workflow of one user: failover on all steps but the last. Throws NotAcceptedError without a sender. */
export function buildWorkflow({
  senders,
  steps,
}: {
  senders: Senders
  steps: readonly DispatchStep[]
}): DispatchWorkflow {
  const workflow = steps.map((step, index) => {
    const message = v01Message(step, senderOf(senders, step.channel), 'strings')
    return index === steps.length - 1 ? message : { ...message, failover: failoverOf(step) }
  })
  return { template: 'failover', workflow }
}

function failoverOf({ expirySeconds = DISPATCH_EXPIRY_SECONDS.default, condition = 'read' }: DispatchStep) {
  const { min, max } = DISPATCH_EXPIRY_SECONDS
  return { expiry_time: Math.min(Math.max(Math.round(expirySeconds), min), max), condition_status: condition }
}
