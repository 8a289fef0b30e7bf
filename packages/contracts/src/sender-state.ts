import { z } from 'zod'

import { alertChannel } from './channel.ts'

const problem = { code: z.string(), reason: z.string() }

/** What we know of one of our senders while it is not simply open; no record means that it is. */
export const senderState = z.object({
  channel: alertChannel,
  sender: z.string(),
  /** The first refusal for which the account is to blame. `recipient` is a digest. */
  suspicion: z.object({ recipient: z.string(), at: z.int(), ...problem }).optional(),
  /** Vonage asked us to wait so long. */
  limitedUntil: z.int().optional(),
  hold: z
    .object({
      since: z.int(),
      ...problem,
      refusals: z.int(),
      /** From then on one message may try. */
      nextProbeAt: z.int(),
      /** The messages that have tried, the newest last. */
      probes: z.array(z.string()),
    })
    .optional(),
})
export type SenderState = z.infer<typeof senderState>
export type SenderProblem = Pick<NonNullable<SenderState['hold']>, 'code' | 'reason'>

/** What a sender's message tells about the sender. */
export type SenderAnswer =
  | { kind: 'accepted' }
  | ({ kind: 'account'; recipient: string } & SenderProblem)
  | { kind: 'limited'; retryAfterMs: number }

export type Admission =
  | { kind: 'go' }
  /** The sender is held and this message may try whether it still is, once its turn is taken. */
  | { kind: 'probe' }
  | { kind: 'wait'; why: 'held' | 'limited'; until: number }

export const PROBE_EVERY_MS = 60_000
/** A message that has tried before lets others go first for so long. */
export const PROBE_AGAIN_MS = 10_000
const MAX_PROBES = 100

/** Whether a message of this sender may go out now. */
export function admit(state: SenderState | undefined, messageId: string, now: number): Admission {
  const limitedUntil = state?.limitedUntil ?? 0
  if (now < limitedUntil) return { kind: 'wait', why: 'limited', until: limitedUntil }
  if (!state?.hold) return { kind: 'go' }
  const { nextProbeAt, probes } = state.hold
  const from = probes.includes(messageId) ? nextProbeAt + PROBE_AGAIN_MS : nextProbeAt
  return now < from ? { kind: 'wait', why: 'held', until: from } : { kind: 'probe' }
}

/** The state with this message as its newest probe; the same state when it may not try. */
export function takeProbe(state: SenderState, messageId: string, now: number): SenderState {
  if (!state.hold || admit(state, messageId, now).kind !== 'probe') return state
  const probes = [...state.hold.probes.filter((id) => id !== messageId), messageId].slice(-MAX_PROBES)
  return { ...state, hold: { ...state.hold, nextProbeAt: now + PROBE_EVERY_MS, probes } }
}

/** A sender's state after an answer: undefined when there is nothing to say of it any more. */
export function afterAnswer(
  state: SenderState | undefined,
  id: Pick<SenderState, 'channel' | 'sender'>,
  answer: SenderAnswer,
  now: number,
): SenderState | undefined {
  switch (answer.kind) {
    case 'accepted':
      if (!state?.suspicion && !state?.hold) return state
      return state.limitedUntil === undefined ? undefined : { ...id, limitedUntil: state.limitedUntil }
    case 'limited':
      return { ...state, ...id, limitedUntil: now + answer.retryAfterMs }
    case 'account':
      return { ...state, ...id, ...afterRefusal(state, answer, now) }
  }
}

/** One recipient alone never holds a sender: something may be odd about that one. */
function afterRefusal(
  state: SenderState | undefined,
  { recipient, code, reason }: Extract<SenderAnswer, { kind: 'account' }>,
  now: number,
): Pick<SenderState, 'suspicion' | 'hold'> {
  if (state?.hold) return { hold: { ...state.hold, code, reason, refusals: state.hold.refusals + 1 } }
  const { suspicion } = state ?? {}
  if (!suspicion) return { suspicion: { recipient, at: now, code, reason } }
  if (suspicion.recipient === recipient) return {}
  const nextProbeAt = now + PROBE_EVERY_MS
  return { suspicion, hold: { since: now, code, reason, refusals: 2, nextProbeAt, probes: [] } }
}
