import { z } from 'zod'

import { channel } from './channel.ts'

/** What Vonage reports about an outbound message. */
export const reportedState = z.enum(['submitted', 'delivered', 'read', 'rejected', 'undeliverable'])
export type ReportedState = z.infer<typeof reportedState>

/**
 * The states of an outbound message in the ledger. Ours end where Vonage's begin:
 * - `sending`: claimed, the request is under way; `released`: refused for now, may be tried again
 * - `accepted`: Vonage queued it; `unknown`: the request went out and no answer came
 * - `refused`: Vonage answered no; `suppressed`: we may not send it; `dropped`: it was stale
 */
export const messageState = z.enum([
  'released',
  'sending',
  'unknown',
  'suppressed',
  'dropped',
  'refused',
  'accepted',
  ...reportedState.options,
])
export type MessageState = z.infer<typeof messageState>

/**
 * State only moves to a higher rank. A later `delivered` or `read` beats `rejected` (a segment was rejected, the
 * provider corrected itself), and `read` may come without `delivered`.
 */
export const stateRank: Record<MessageState, number> = {
  released: 0,
  sending: 1,
  unknown: 2,
  suppressed: 2,
  dropped: 2,
  refused: 2,
  accepted: 3,
  submitted: 4,
  rejected: 5,
  undeliverable: 5,
  delivered: 6,
  read: 7,
}

/** The state after an event: never lower than before. */
export function advance(state: MessageState, event: MessageState): MessageState {
  return stateRank[event] > stateRank[state] ? event : state
}

/** Vonage's reason for a rejection: the numeric code of the Messages API's error table, as a string. */
export const providerError = z.object({ code: z.string(), reason: z.string() })
export type ProviderError = z.infer<typeof providerError>

/** The recipient opted out (Messages API error table; SMS API err-code 9 is mapped to it). */
export const OPTED_OUT_CODE = '1240'

/** It came before anybody knew whose it is, and is handled a second time: the job of the first time is still known. */
const wasParked = z.boolean().optional()

/** A status webhook or delivery receipt, of any of Vonage's shapes. */
export const messageStatus = z.object({
  kind: z.literal('message'),
  messageUuid: z.string().min(1).max(100),
  /** Our message id, where the webhook carries it. */
  clientRef: z.string().optional(),
  /** Set on statuses of a Dispatch workflow. */
  dispatchUuid: z.string().optional(),
  channel: channel.optional(),
  to: z.string().optional(),
  state: reportedState,
  /** Milliseconds: by the provider, and when it reached us. */
  at: z.int(),
  receivedAt: z.int(),
  error: providerError.optional(),
  price: z.string().optional(),
  currency: z.string().optional(),
  wasParked,
})
export type MessageStatus = z.infer<typeof messageStatus>

/** The final report of a Dispatch workflow. */
export const dispatchReport = z.object({
  kind: z.literal('dispatch-report'),
  dispatchUuid: z.string().min(1).max(100),
  status: z.enum(['completed', 'error']),
  at: z.int(),
  receivedAt: z.int(),
  messages: z.array(z.object({ messageUuid: z.string(), channel: channel.optional(), status: z.string() })),
  wasParked,
})
export type DispatchReport = z.infer<typeof dispatchReport>

export const statusWebhook = z.discriminatedUnion('kind', [messageStatus, dispatchReport])
export type StatusWebhook = z.infer<typeof statusWebhook>
