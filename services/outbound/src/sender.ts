import { RateLimitedError } from '@switchboard/contracts'
import type { MessageState, OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import type { JobContext } from '@switchboard/queue'
import type { Ledger, LedgerEvent, LedgerRecord, ReplyGuard, SenderRate } from '@switchboard/store'
import {
  countParts,
  NotSentError,
  OutcomeUnknownError,
  ProviderUnavailableError,
  RefusedError,
} from '@switchboard/vonage'
import type { VonageClient } from '@switchboard/vonage'

import { gatherFacts } from './gather-facts.ts'
import type { FactSources } from './gather-facts.ts'
import { maySend } from './may-send.ts'

export interface SenderDeps extends FactSources {
  vonage: Pick<VonageClient, 'send'>
  ledger: Pick<Ledger, 'claim' | 'record' | 'refuse' | 'indexUuids' | 'parked'>
  rate: Pick<SenderRate, 'take'>
  replyGuard: Pick<ReplyGuard, 'allows'>
  /** Why the sender or the subscriber has had enough for today; undefined when not. */
  limitReached: (message: OutboundMessage) => Promise<'over-budget' | 'subscriber-limit' | undefined>
  settings: Pick<SwitchboardConfig, 'senders' | 'templates' | 'rates'>
  /** Applies a status that came before the acceptance was recorded. */
  applyStatus: (status: unknown) => Promise<void>
  /** Tells the workflow a message belongs to how the send ended. */
  report: (message: OutboundMessage, state: MessageState, reason?: string) => Promise<void>
  log: { info: (fields: object, event: string) => void; warn: (fields: object, event: string) => void }
  count: (channel: string, purpose: string, result: string) => void
}

/** Handles one outbound message: may it go out, is it our turn, claim, send, record. */
export function createSender(deps: SenderDeps) {
  return async (message: OutboundMessage, context: Pick<JobContext, 'isLastAttempt'>): Promise<void> => {
    const decision = maySend(message, await gatherFacts(message, deps))
    if (decision.kind === 'drop') return end(message, { state: 'dropped', reason: decision.reason }, deps)
    if (decision.kind === 'suppress') return end(message, { state: 'suppressed', reason: decision.reason }, deps)
    const contact = { channel: message.channel, address: message.to }
    const isLimited = message.purpose === 'reply' && !message.ignoresReplyLimit
    if (isLimited && !(await deps.replyGuard.allows(contact, message.id, deps.now()))) {
      return end(message, { state: 'suppressed', reason: 'reply-limit' }, deps)
    }
    const limit = await deps.limitReached(message)
    if (limit) return end(message, { state: 'suppressed', reason: limit }, deps)
    await waitForTurn(message, deps)

    const claim = await deps.ledger.claim(message, deps.now())
    if (claim.kind === 'taken') return resume(message, claim.record, deps)
    const { template: _configured, ...text } = message
    const sent = decision.template ? { ...text, template: decision.template } : text
    await attempt(sent, claim.record, context, deps)
  }
}

/** A message that will not be sent: its ledger record says why. */
async function end(message: OutboundMessage, event: Omit<LedgerEvent, 'at'>, deps: SenderDeps): Promise<void> {
  const { state, reason } = event
  const claim = await deps.ledger.refuse(message, { ...event, at: deps.now() })
  if (claim.kind === 'taken' && claim.record.state !== state) return resume(message, claim.record, deps)
  await deps.report(message, state, reason)
  deps.count(message.channel, message.purpose, `${state}:${reason ?? ''}`)
  deps.log.info({ messageId: message.id, channel: message.channel, reason }, `message.${state}`)
}

async function waitForTurn({ channel, text, from }: OutboundMessage, { rate, settings }: SenderDeps): Promise<void> {
  const sender = from ?? settings.senders[channel] ?? channel
  const waitMs = await rate.take(channel, sender, countParts(channel, text), settings.rates[channel])
  if (waitMs > 0) throw new RateLimitedError(`The rate of ${channel} is used up`, waitMs)
}

/** An earlier try claimed the message. If it died in the middle, the message may have gone out: never again. */
async function resume(message: OutboundMessage, record: LedgerRecord, deps: SenderDeps): Promise<void> {
  const { state } = record
  if (state === 'sending') {
    await deps.ledger.record(message.id, { state: 'unknown', at: deps.now(), reason: 'interrupted' })
    await deps.report(message, 'unknown', 'interrupted')
    deps.count(message.channel, message.purpose, 'unknown')
    deps.log.warn({ messageId: message.id, channel: message.channel }, 'message.outcome-unknown')
    return
  }
  await follow(message, record, deps)
  deps.log.info({ messageId: message.id, state }, 'message.already-sent')
}

/** What follows the record of an acceptance. It may be done again: an earlier try may have died before it. */
async function follow(message: OutboundMessage, record: LedgerRecord, deps: SenderDeps): Promise<void> {
  const uuids = Object.keys(record.uuids)
  await deps.ledger.indexUuids(message.id, uuids)
  // From here on a status finds its message by itself; these came before.
  for (const uuid of uuids) for (const status of await deps.ledger.parked(uuid)) await deps.applyStatus(status)
  await deps.report(message, record.state)
}

async function attempt(
  message: OutboundMessage,
  claimed: LedgerRecord,
  { isLastAttempt }: Pick<JobContext, 'isLastAttempt'>,
  deps: SenderDeps,
): Promise<void> {
  const accepted = await deps.vonage
    .send(message)
    .catch((error: unknown) => settleFailure(message, error, isLastAttempt, deps))
  if (accepted === undefined) return
  // From here on nothing may cause another send: the claim stays whatever happens.
  const { messageUuids: uuids, partialFailure } = accepted
  const event: LedgerEvent = { state: 'accepted', at: deps.now(), uuids, reason: partialFailure?.reason }
  if (partialFailure) deps.log.warn({ messageId: message.id, ...partialFailure }, 'message.partly-refused')
  const record = await deps.ledger.record(message.id, event, claimed)
  if (record) await follow(message, record, deps)
  deps.count(message.channel, message.purpose, 'accepted')
  deps.log.info({ messageId: message.id, channel: message.channel, purpose: message.purpose }, 'message.accepted')
}

/** Errors by stage: before the send another try is right, the send itself decides, after it nothing is sent again. */
async function settleFailure(
  message: OutboundMessage,
  error: unknown,
  isLastAttempt: boolean,
  deps: SenderDeps,
): Promise<undefined> {
  const at = deps.now()
  if (error instanceof OutcomeUnknownError) {
    await deps.ledger.record(message.id, { state: 'unknown', at, reason: error.message })
    await deps.report(message, 'unknown', error.message)
    deps.count(message.channel, message.purpose, 'unknown')
    deps.log.warn({ messageId: message.id, channel: message.channel, reason: error.message }, 'message.outcome-unknown')
    return undefined
  }
  const isRefused = error instanceof RefusedError
  const wasNotSent =
    error instanceof RateLimitedError || error instanceof NotSentError || error instanceof ProviderUnavailableError
  if (!isRefused && !wasNotSent) throw error
  const isGivingUp = isLastAttempt && !(error instanceof RateLimitedError)
  if (isRefused || isGivingUp) {
    const reason = isRefused
      ? { code: error.code, reason: error.reason }
      : { code: 'unavailable', reason: error.message }
    await deps.ledger.record(message.id, { state: 'refused', at, reason: reason.reason, error: reason })
    await deps.report(message, 'refused', reason.reason)
    deps.count(message.channel, message.purpose, 'refused')
  } else {
    await deps.ledger.record(message.id, { state: 'released', at, reason: error.message })
    deps.count(message.channel, message.purpose, 'released')
  }
  throw error
}
