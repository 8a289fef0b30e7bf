import { PermanentError, PostponedError } from '@switchboard/contracts'
import type { Log, MessageState, OutboundMessage, SenderAnswer, SenderState } from '@switchboard/contracts'
import { recipientDigest } from '@switchboard/store'
import type { Ledger, LedgerEvent, LedgerRecord, SenderId, Senders } from '@switchboard/store'
import { NotAcceptedError } from '@switchboard/vonage'
import type { NotAccepted, VonageClient } from '@switchboard/vonage'

export interface AttemptDeps {
  vonage: Pick<VonageClient, 'send'>
  ledger: Pick<Ledger, 'record'>
  senders: Pick<Senders, 'answered'>
  /** Tells the workflow a message belongs to how the send ended. */
  report: (message: OutboundMessage, state: MessageState, reason?: string) => Promise<void>
  log: Log<'info' | 'warn' | 'error'>
  count: (channel: string, purpose: string, result: string) => void
  now: () => number
}
export type AttemptResult =
  | { kind: 'accepted'; record: LedgerRecord }
  /** It was not sent: the account is the problem, which is known by now. */
  | { kind: 'held'; until: number }
  /** Nothing more is to be done, now or ever. */
  | { kind: 'ended' }

export interface Attempt {
  claimed: LedgerRecord
  id: SenderId
  /** What was known of the sender before. */
  sender: SenderState | undefined
}

/**
 * Sends a message that was claimed, and records what became of it. Throws what makes the queue try again where that
 * cannot double the message, and PermanentError where the message itself is refused.
 */
export async function attempt(message: OutboundMessage, given: Attempt, deps: AttemptDeps): Promise<AttemptResult> {
  const { ledger, count, log, now } = deps
  const accepted = await deps.vonage.send(message).catch((error: unknown) => {
    if (error instanceof NotAcceptedError) return error
    throw error
  })
  if (accepted instanceof NotAcceptedError) return settle(message, accepted, given, deps)
  // From here on nothing may cause another send: the claim stays whatever happens.
  const { messageUuids: uuids, partialFailure } = accepted
  const event: LedgerEvent = { state: 'accepted', at: now(), uuids, reason: partialFailure?.reason }
  if (partialFailure) log.warn({ messageId: message.id, ...partialFailure }, 'message.partly-refused')
  const record = await ledger.record(message.id, event, given.claimed)
  count(message.channel, message.purpose, 'accepted')
  const { suspicion, hold } = given.sender ?? {}
  if (suspicion || hold) await tellSender({ kind: 'accepted' }, given.id, deps)
  return record ? { kind: 'accepted', record } : { kind: 'ended' }
}

async function settle(
  message: OutboundMessage,
  error: NotAcceptedError,
  { id }: Attempt,
  deps: AttemptDeps,
): Promise<AttemptResult> {
  const { outcome } = error
  await record(message, outcome, deps)
  switch (outcome.kind) {
    case 'unknown':
      await deps.report(message, 'unknown', outcome.reason)
      deps.log.warn(
        { messageId: message.id, channel: message.channel, reason: outcome.reason },
        'message.outcome-unknown',
      )
      return { kind: 'ended' }
    case 'refused':
      await deps.report(message, 'refused', outcome.reason)
      throw new PermanentError(error.message, { cause: error })
    case 'account': {
      const recipient = recipientDigest({ channel: message.channel, address: message.to })
      const hold = await tellSender(
        { kind: 'account', recipient, code: outcome.code, reason: outcome.reason },
        id,
        deps,
      )
      if (hold) return { kind: 'held', until: hold.nextProbeAt }
      throw error
    }
    case 'later':
      if (outcome.retryAfterMs === undefined) throw error
      await tellSender({ kind: 'limited', retryAfterMs: outcome.retryAfterMs }, id, deps)
      throw new PostponedError(outcome.reason, outcome.retryAfterMs)
  }
}

/** In the ledger a message whose sender is at fault is one that was not sent yet. */
async function record(
  message: OutboundMessage,
  outcome: NotAccepted,
  { ledger, count, now }: AttemptDeps,
): Promise<void> {
  const state = outcome.kind === 'unknown' || outcome.kind === 'refused' ? outcome.kind : 'released'
  const error = outcome.kind === 'refused' ? { code: outcome.code, reason: outcome.reason } : undefined
  await ledger.record(message.id, { state, at: now(), reason: outcome.reason, error })
  count(message.channel, message.purpose, state)
}

/** Says once when a sender is held and when it opens: people are woken by the first. */
async function tellSender(
  answer: SenderAnswer,
  id: SenderId,
  { senders, log, now }: AttemptDeps,
): Promise<SenderState['hold']> {
  const { before, after } = await senders.answered(id, answer, now())
  const { channel } = id
  if (after?.hold && !before?.hold) {
    log.error({ channel, code: after.hold.code, reason: after.hold.reason }, 'sender.held')
  }
  if (before?.hold && !after?.hold) log.info({ channel, heldMs: now() - before.hold.since }, 'sender.opened')
  return after?.hold
}
