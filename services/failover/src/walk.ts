import { stateRank, stepMessageId } from '@switchboard/contracts'
import type { Alert, AlertAttention, AlertPlan, AlertRequest, MessageState } from '@switchboard/contracts'

import { counts, perform, wake } from './acts.ts'
import type { Act } from './acts.ts'
import { attend, enter, exhaust, goOn, still, whoseStep } from './moves.ts'
import { chooseRetry, isBlockedForTooLong, lookLater, passOver, wentOut } from './passed-over.ts'
import type { Retry } from './passed-over.ts'
import { channelAt, FIRST_STEP, isLastChannel, isSameStep, isWholeUser } from './steps.ts'
import type { Step } from './steps.ts'
import { asTuple, log, note } from './timeline.ts'

/** What may happen to an alert. `messageState` is what the ledger says of the step's message at that moment. */
export type AlertEvent =
  /** `retry`: of a blocked alert that looks again. */
  | { kind: 'deadline'; step: Step; messageState: MessageState | undefined; retry?: Retry }
  | { kind: 'resend'; step: Step; messageState: MessageState | undefined }
  | Extract<AlertAttention['evidence'], { kind: 'outcome' | 'cancel' }>
  | Act

/** How long an alert's message whose outcome is unknown may stay without a status before it is sent again. */
export const RESEND_GRACE_MS = 30_000
const MAX_RESENDS = 1

export function beginAlert(
  request: AlertRequest,
  { code, planId, now }: { code: string; planId: string; now: number },
): Alert {
  const { id, text, media, createdAt, plan, groupKey, dispatch } = request
  const started: Alert = {
    id,
    code,
    text,
    ...(media === undefined ? {} : { media }),
    planId,
    state: 'walking',
    createdAt,
    step: FIRST_STEP,
    dueAt: now,
    resends: 0,
    timeline: [{ at: now, event: 'started' }],
    ...(groupKey === undefined ? {} : { groupKey }),
    ...(dispatch === undefined ? {} : { dispatch }),
  }
  return enter(started, plan, FIRST_STEP, now)
}

/** The walk: what an alert becomes by an event. Returns the same object when the event changes nothing. */
export function walk(alert: Alert, plan: AlertPlan, event: AlertEvent, now: number): Alert {
  switch (event.kind) {
    case 'deadline':
      if (!isCurrent(alert, plan, event.step)) return alert
      if (alert.isWaiting) return now < alert.dueAt ? alert : lookAgain(alert, plan, event.retry, now)
      // What the ledger knows already counts, although nobody has told the alert yet.
      if (event.messageState === 'read') return see(alert, plan, event, now)
      if (event.messageState === 'delivered' && deliveryIsEnough(alert, plan, event.step)) {
        return attend(alert, now, { how: 'delivered', ...whoseStep(plan, event.step) })
      }
      if (now < alert.dueAt) return alert
      return wentOut(alert, plan, event.messageState)
        ? moveOn(alert, plan, now, { event: 'deadline', step: event.step })
        : moveOn(alert, plan, now, { event: 'passed-over', step: event.step, reason: 'not sent in time' })
    case 'resend':
      return resend(alert, plan, event, now)
    case 'outcome':
      return outcome(alert, plan, event, now)
    case 'act':
      return perform(alert, plan, event, now)
    case 'cancel':
      return alert.state === 'walking'
        ? log({ ...still(alert), state: 'cancelled' }, { at: now, event: 'cancelled', reason: event.reason })
        : alert
  }
}

function isCurrent(alert: Alert, plan: AlertPlan, step: Step): boolean {
  return alert.state === 'walking' && isSameStep(plan, alert.step, step)
}

/** Read; in a phone call it is a key that says so, which counts whatever was said before. */
function see(alert: Alert, plan: AlertPlan, { step, messageId }: Seen, now: number): Alert {
  if (channelAt(plan, step).channel !== 'voice') {
    return counts(alert, step) ? attend(alert, now, { how: 'read', ...whoseStep(plan, step) }) : alert
  }
  const id = `key.${messageId ?? stepMessageId(alert, step, alert.resends)}`
  return perform(
    alert,
    plan,
    { kind: 'act', id, act: { kind: 'mine' }, by: { how: 'call', user: step.user, step } },
    now,
  )
}
interface Seen {
  step: Step
  messageId?: string | undefined
}

type Outcome = Extract<AlertAttention['evidence'], { kind: 'outcome' }>

/** What became of a step's message, current or abandoned. */
function outcome(alert: Alert, plan: AlertPlan, event: Outcome, now: number): Alert {
  const { step, state, reason } = event
  switch (state) {
    case 'read':
      return see(alert, plan, event, now)
    case 'delivered': {
      const noted = note(alert, { at: now, event: 'delivered', step: asTuple(step) })
      return isCurrent(alert, plan, step) && deliveryIsEnough(alert, plan, step)
        ? attend(noted, now, { how: 'delivered', ...whoseStep(plan, step) })
        : noted
    }
    case 'rejected':
    case 'undeliverable':
    case 'refused':
    case 'suppressed':
    case 'dropped': {
      // Whoever passed it on has heard it: that their call ended is no news.
      if (!counts(alert, step)) return alert
      const why = reason === undefined ? state : `${state}: ${reason}`
      // With Dispatch, Vonage itself goes on within a user; only its last channel is ours to leave.
      const isOurs = isCurrentMessage(alert, plan, event) && (!isWholeUser(plan) || isLastChannel(plan, step))
      // What is dropped was not sent because it could not be: that may change.
      const left = { event: state === 'dropped' ? ('passed-over' as const) : ('failed' as const), step, reason: why }
      if (isOurs) return moveOn(alert, plan, now, left)
      return note(alert, { ...left, at: now, step: asTuple(step) })
    }
    case 'unknown':
      return unknown(alert, plan, step, now)
    case 'released':
    case 'sending':
    case 'accepted':
    case 'submitted':
      return alert
  }
}

/** Whether an outcome is about the step's newest message: the one that was sent again may still arrive. */
function isCurrentMessage(alert: Alert, plan: AlertPlan, { step, messageId }: Outcome): boolean {
  if (!isCurrent(alert, plan, step)) return false
  return messageId === undefined || messageId === stepMessageId(alert, step, alert.resends)
}

/** A last channel has no condition, except in a workflow of a Dispatch caller, who asked to be told of the delivery. */
function deliveryIsEnough(alert: Alert, plan: AlertPlan, step: Step): boolean {
  if (isLastChannel(plan, step)) return alert.dispatch !== undefined
  return channelAt(plan, step).condition === 'delivered'
}

/** Nobody knows whether the message went out. An alert that is lost is worse than one that comes twice. */
function unknown(alert: Alert, plan: AlertPlan, step: Step, now: number): Alert {
  if (!isCurrent(alert, plan, step) || alert.resends >= MAX_RESENDS || alert.resendAt !== undefined) return alert
  const resendAt = now + RESEND_GRACE_MS
  const noted = note(alert, { at: now, event: 'unknown', step: asTuple(step) })
  return noted !== alert && resendAt < alert.dueAt ? { ...noted, resendAt } : noted
}

function resend(
  alert: Alert,
  plan: AlertPlan,
  { step, messageState }: Extract<AlertEvent, { kind: 'resend' }>,
  now: number,
): Alert {
  if (!isCurrent(alert, plan, step) || alert.resendAt === undefined || now < alert.resendAt) return alert
  const { resendAt: _resendAt, ...rest } = alert
  if (messageState !== undefined && stateRank[messageState] > stateRank.unknown) return rest
  return log({ ...rest, resends: alert.resends + 1 }, { at: now, event: 'sent-again', step: asTuple(step) })
}

/** Leaves a step for the next one, for those that were passed over, or for the end. */
function moveOn(
  alert: Alert,
  plan: AlertPlan,
  now: number,
  why: { event: 'deadline' | 'failed' | 'passed-over'; step: Step; reason?: string },
): Alert {
  const noted = log(alert, { ...why, at: now, step: asTuple(why.step) })
  const left = why.event === 'passed-over' ? passOver(noted, alert.step) : noted
  return goOn(left, plan, now)
}

/** Nobody is asked now: it was put off, or who could not be asked before is asked as soon as that may work. */
function lookAgain(alert: Alert, plan: AlertPlan, retry: Retry = { open: [], sent: [] }, now: number): Alert {
  if (alert.snooze && alert.blockedSince === undefined) return wake(alert, plan, now)
  if (isBlockedForTooLong(alert, plan, now)) return exhaust(alert, now)
  const { left, next } = chooseRetry(alert, retry)
  if (next) return enter(left, plan, next, now)
  return left.passedOver?.length ? lookLater(left, now) : exhaust(left, now)
}
