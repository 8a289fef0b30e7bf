import { admit, PostponedError, RateLimitedError } from '@switchboard/contracts'
import type { OutboundMessage, SwitchboardConfig } from '@switchboard/contracts'
import { uuidInCall } from '@switchboard/store'
import type { Ledger, LedgerEvent, LedgerRecord, ReplyGuard, SenderId, SenderRate, Senders } from '@switchboard/store'
import { countParts } from '@switchboard/vonage'

import { attempt } from './attempt.ts'
import type { Attempt, AttemptDeps, AttemptResult } from './attempt.ts'
import { endOfMessage } from './end-of-message.ts'
import { gatherFacts } from './gather-facts.ts'
import type { FactSources } from './gather-facts.ts'
import { maySend } from './may-send.ts'
import type { SendDecision } from './may-send.ts'
import { isCalledEnough, joinedCall, waitForLine } from './phone-line.ts'
import type { PhoneLineDeps } from './phone-line.ts'

export interface SendDeps extends FactSources, AttemptDeps, PhoneLineDeps {
  ledger: Pick<Ledger, 'get' | 'claim' | 'record' | 'refuse' | 'indexUuids' | 'parked'>
  senders: Pick<Senders, 'get' | 'takeProbe' | 'answered'>
  rate: Pick<SenderRate, 'take'>
  replyGuard: Pick<ReplyGuard, 'allows'>
  /** Why the sender or the subscriber has had enough for today; undefined when not. */
  limitReached: (message: OutboundMessage) => Promise<'over-budget' | 'subscriber-limit' | undefined>
  settings: Pick<SwitchboardConfig, 'senders' | 'templates' | 'rates'>
  /** Applies a status that came before the acceptance was recorded. */
  applyStatus: (status: unknown) => Promise<void>
  random: () => number
}

/** Handles one outbound message: may it go out, is its sender open, is it our turn, claim, send, record. */
export function createSendHandler(deps: SendDeps) {
  return async (message: OutboundMessage): Promise<void> => {
    const leg = await joinedCall(message, deps)
    if (leg !== undefined) return followCall(message, leg, deps)
    const id = senderOf(message, deps)
    const [decision, sender] = await Promise.all([decide(message, deps), deps.senders.get(id)])
    if (decision.kind !== 'send') return endAs(message, decision, deps)
    const admission = admit(sender, message.id, deps.now())
    if (admission.kind === 'wait') return standBack(message, admission, deps)
    await waitForLine(message, deps)
    // As if its sender were held: the alert goes on to whom it can reach, and comes back.
    if (await isCalledEnough(message, deps)) return end(message, { state: 'dropped', reason: 'call-limit' }, deps)
    await waitForTurn(message, id, deps)
    if (admission.kind === 'probe' && !(await deps.senders.takeProbe(id, message.id, deps.now()))) {
      return standBack(message, { why: 'held', until: deps.now() + LOST_PROBE_MS }, deps)
    }

    const claim = await deps.ledger.claim(message, deps.now())
    if (claim.kind === 'taken') return resume(message, claim.record, deps)
    const result = await sendClaimed(message, decision, { claimed: claim.record, id, sender }, deps)
    if (result.kind === 'held') return standBack(message, { why: 'held', until: result.until }, deps)
    if (result.kind === 'ended') return
    const { channel, purpose } = message
    deps.log.info({ messageId: message.id, channel, purpose }, 'message.accepted')
    return follow(message, result.record, deps)
  }
}

/** Sends a message that was claimed as what was decided: the template that a channel wants now, or the text. */
export function sendClaimed(
  message: OutboundMessage,
  decision: Extract<SendDecision, { kind: 'send' }>,
  given: Attempt,
  deps: SendDeps,
): Promise<AttemptResult> {
  const { template: _configured, ...text } = message
  return attempt(decision.template ? { ...text, template: decision.template } : text, given, deps)
}

async function replyLimit(message: OutboundMessage, deps: SendDeps): Promise<'reply-limit' | undefined> {
  if (message.purpose !== 'reply' || message.ignoresReplyLimit) return undefined
  const contact = { channel: message.channel, address: message.to }
  return (await deps.replyGuard.allows(contact, message.id, deps.now())) ? undefined : 'reply-limit'
}

/** Another message has taken this minute's try. */
const LOST_PROBE_MS = 60_000

export function senderOf({ channel, from }: OutboundMessage, { settings }: Pick<SendDeps, 'settings'>): SenderId {
  return { channel, sender: from ?? settings.senders[channel] ?? channel }
}

/** Whether a message may go out now, as far as it and the limits of the day are concerned. All is asked at once. */
export async function decide(message: OutboundMessage, deps: SendDeps): Promise<SendDecision> {
  const [decision, ...limits] = await Promise.all([
    decideByFacts(message, deps),
    replyLimit(message, deps),
    deps.limitReached(message),
  ])
  if (decision.kind !== 'send') return decision
  const reason = limits.find((limit) => limit !== undefined)
  return reason ? { kind: 'suppress', reason } : decision
}

/** A message that was refused and whose job runs again is one that an operator asks for: it goes out although it is late. */
async function decideByFacts(message: OutboundMessage, deps: SendDeps): Promise<SendDecision> {
  const facts = await gatherFacts(message, deps)
  const decision = maySend(message, facts)
  if (decision.kind !== 'drop' || decision.reason !== 'expired') return decision
  const isAskedFor = (await deps.ledger.get(message.id))?.state === 'refused'
  return isAskedFor ? maySend(message, { ...facts, isAskedFor }) : decision
}

/** A message that will not be sent: its ledger record says why. */
export async function endAs(
  message: OutboundMessage,
  { kind, reason }: Exclude<SendDecision, { kind: 'send' }>,
  deps: SendDeps,
): Promise<void> {
  // Of thousands that a newer update has overtaken the number is of interest, unless an earlier try has left a record.
  if (reason === 'stale' && (await deps.ledger.get(message.id)) === undefined) {
    await deps.report(message, 'dropped', 'stale')
    deps.count(message.channel, message.purpose, 'dropped:stale')
    return
  }
  return end(message, { state: kind === 'drop' ? 'dropped' : 'suppressed', reason }, deps)
}

async function end(message: OutboundMessage, event: Omit<LedgerEvent, 'at'>, deps: SendDeps): Promise<void> {
  const { state, reason } = event
  const claim = await deps.ledger.refuse(message, { ...event, at: deps.now() })
  if (claim.kind === 'taken' && claim.record.state !== state) return resume(message, claim.record, deps)
  await deps.report(message, state, reason)
  deps.count(message.channel, message.purpose, `${state}:${reason ?? ''}`)
  deps.log.info({ messageId: message.id, channel: message.channel, reason }, `message.${state}`)
}

/** Jobs that wait for one moment come one after another. */
const JITTER_MS = 10_000
const SMALL_JITTER = 0.02

/**
 * The sender is held, or limited for a while. A step of an alert that would be over by then is given up at once, so that
 * the walk goes on; anything else waits, at most until its own end.
 */
export async function standBack(
  message: OutboundMessage,
  { why, until }: { why: 'held' | 'limited'; until: number },
  deps: SendDeps,
): Promise<void> {
  const now = deps.now()
  const endsAt = endOfMessage(message) ?? Infinity
  const isStep = stepsIn(message)
  if (isStep && (why === 'held' || until >= endsAt)) return end(message, { state: 'dropped', reason: 'held' }, deps)
  const jitterMs = Math.min(JITTER_MS, why === 'limited' ? (until - now) * SMALL_JITTER : JITTER_MS) * deps.random()
  deps.count(message.channel, message.purpose, why)
  throw new PostponedError(`The sender is ${why}`, Math.min(until + jitterMs, Math.max(endsAt, now)) - now)
}

function stepsIn({ about }: OutboundMessage): boolean {
  return about?.kind === 'bundle' ? about.members.some((each) => each.about.kind === 'alert') : about?.kind === 'alert'
}

async function waitForTurn({ channel, text }: OutboundMessage, { sender }: SenderId, deps: SendDeps): Promise<void> {
  const { rate, settings } = deps
  const waitMs = await rate.take(channel, sender, countParts(channel, text), settings.rates[channel])
  if (waitMs > 0) throw new RateLimitedError(`The rate of ${channel} is used up`, waitMs)
}

/** An earlier try claimed the message. If it died in the middle, the message may have gone out: never again. */
export async function resume(message: OutboundMessage, record: LedgerRecord, deps: SendDeps): Promise<void> {
  const { state, bundle } = record
  if (bundle !== undefined) return deps.log.info({ messageId: message.id, bundle }, 'message.bundled')
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

/** It was said in a call that was under way: whatever is known of it by now, no call of its own was asked for. */
async function followCall(message: OutboundMessage, leg: string, deps: SendDeps): Promise<void> {
  await deps.ledger.claim(message, deps.now())
  const uuids = [uuidInCall(leg, message.id)]
  const event: LedgerEvent = { state: 'submitted', at: deps.now(), uuids, reason: 'said in a call that was under way' }
  const record = await deps.ledger.record(message.id, event)
  if (record) await follow(message, record, deps)
  deps.log.info({ messageId: message.id, leg }, 'call.joined')
}

/** What follows the record of an acceptance. It may be done again: an earlier try may have died before it. */
export async function follow(message: OutboundMessage, record: LedgerRecord, deps: SendDeps): Promise<void> {
  await letStatusesFind(message.id, Object.keys(record.uuids), deps)
  await deps.report(message, record.state)
}

/** From here on a status finds its message by itself; those that came before are applied. */
export async function letStatusesFind(messageId: string, uuids: string[], deps: SendDeps): Promise<void> {
  await deps.ledger.indexUuids(messageId, uuids)
  for (const uuid of uuids) for (const status of await deps.ledger.parked(uuid)) await deps.applyStatus(status)
}
