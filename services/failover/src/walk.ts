import { stateRank } from '@switchboard/contracts'
import type { Alert, AlertAttention, AlertPlan, AlertRequest, Channel, MessageState } from '@switchboard/contracts'

import { block, chooseRetry, isBlockedForTooLong, lookLater, passOver, wentOut } from './passed-over.ts'
import type { Retry } from './passed-over.ts'
import {
  channelAt,
  FIRST_STEP,
  isLastChannel,
  isSamePerson,
  isSameStep,
  isWholeUser,
  nextPerson,
  nextStep,
  stepMessageId,
  stepsTaken,
  userAt,
  waitSeconds,
} from './steps.ts'
import type { Step } from './steps.ts'
import { asTuple, log, note } from './timeline.ts'

/** What may happen to an alert. `messageState` is what the ledger says of the step's message at that moment. */
export type AlertEvent =
  /** `retry`: of a blocked alert that looks again. */
  | { kind: 'deadline'; step: Step; messageState: MessageState | undefined; retry?: Retry }
  | { kind: 'resend'; step: Step; messageState: MessageState | undefined }
  | AlertAttention['evidence']

/** How long an alert's message whose outcome is unknown may stay without a status before it is sent again. */
export const RESEND_GRACE_MS = 30_000
const MAX_RESENDS = 1

export function beginAlert(
  request: AlertRequest,
  { code, planId, now }: { code: string; planId: string; now: number },
): Alert {
  const { id, text, createdAt, plan, groupKey, dispatch } = request
  const started: Alert = {
    id,
    code,
    text,
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
      if (event.messageState === 'read') return attend(alert, now, seenOn(plan, event.step))
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
    case 'reply': {
      const step = stepsTaken(alert, plan).findLast((taken) => hasContact(plan, taken, event.contact))
      return attend(alert, now, {
        how: 'reply',
        channel: event.contact.channel,
        ...(step === undefined ? {} : answeredOn(plan, step, event.contact)),
      })
    }
    case 'link': {
      const user = plan.users[event.user]?.name
      return attend(alert, now, { how: 'link', ...(user === undefined ? {} : { user }) })
    }
    case 'pass':
      return passOn(alert, plan, event.step, now)
    case 'api':
      return attend(alert, now, { how: 'api', ...(event.by === undefined ? {} : { user: event.by }) })
    case 'cancel':
      return alert.state === 'walking'
        ? log({ ...ended(alert), state: 'cancelled' }, { at: now, event: 'cancelled', reason: event.reason })
        : alert
  }
}

function isCurrent(alert: Alert, plan: AlertPlan, step: Step): boolean {
  return alert.state === 'walking' && isSameStep(plan, alert.step, step)
}

/** Whose number it is, and which: one person may have several on one channel. */
function answeredOn(plan: AlertPlan, step: Step, { channel, address }: { channel: Channel; address: string }) {
  const { name, channels } = userAt(plan, step)
  const index = channels.findIndex((each) => each.channel === channel && each.to === address)
  return { user: name, step: asTuple(isWholeUser(plan) ? { ...step, channel: index } : step) }
}

function hasContact(plan: AlertPlan, step: Step, contact: { channel: Channel; address: string }): boolean {
  const channels = isWholeUser(plan) ? userAt(plan, step).channels : [channelAt(plan, step)]
  return channels.some(({ channel, to }) => channel === contact.channel && to === contact.address)
}

type Attendance = Omit<NonNullable<Alert['attendedBy']>, 'at'>

/** Somebody pays attention: also late, also after the list was exhausted. The first one is remembered. */
function attend(alert: Alert, now: number, by: Attendance): Alert {
  if (alert.state !== 'walking' && alert.state !== 'exhausted') return alert
  const reason = [by.user, by.channel, by.how].filter(Boolean).join(' ')
  return log(
    { ...ended(alert), state: 'attended', attendedBy: { ...by, at: now } },
    { at: now, event: 'attended', reason },
  )
}

function whoseStep(plan: AlertPlan, step: Step): Omit<Attendance, 'how'> {
  return { user: userAt(plan, step).name, channel: channelAt(plan, step).channel, step: asTuple(step) }
}

/** In a phone call it is a key that says so. */
function seenOn(plan: AlertPlan, step: Step): Attendance {
  return { how: channelAt(plan, step).channel === 'voice' ? 'call' : 'read', ...whoseStep(plan, step) }
}

type Outcome = Extract<AlertAttention['evidence'], { kind: 'outcome' }>

/** What became of a step's message, current or abandoned. */
function outcome(alert: Alert, plan: AlertPlan, event: Outcome, now: number): Alert {
  const { step, state, reason } = event
  switch (state) {
    case 'read':
      return attend(alert, now, seenOn(plan, step))
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
      // Whoever passed it on in a call has heard it: that the call ended is no news.
      if (hasPassedOn(alert, step)) return alert
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
  return goTo(left, plan, nextStep(plan, left.step), now)
}

/** Whoever is asked cannot: the next person is asked now. Of anybody else, or when it is over, it changes nothing. */
function passOn(alert: Alert, plan: AlertPlan, step: Step, now: number): Alert {
  const isAsked = alert.state === 'walking' && !alert.isWaiting && isSamePerson(alert.step, step)
  if (!isAsked) return alert
  const noted = note(alert, { at: now, event: 'passed-on', step: asTuple(step), reason: userAt(plan, step).name })
  return goTo(noted, plan, nextPerson(plan, alert.step), now)
}

function hasPassedOn({ timeline }: Alert, step: Step): boolean {
  const place = JSON.stringify(asTuple(step))
  return timeline.some((entry) => entry.event === 'passed-on' && JSON.stringify(entry.step) === place)
}

/** One that is blocked has been everywhere. */
function goTo(alert: Alert, plan: AlertPlan, next: Step | undefined, now: number): Alert {
  if (next && alert.blockedSince === undefined) return enter(alert, plan, next, now)
  return alert.passedOver?.length ? block(alert, now) : exhaust(alert, now)
}

/** Nobody is asked now. Who could not be asked before is asked as soon as that may work. */
function lookAgain(alert: Alert, plan: AlertPlan, retry: Retry = { open: [], sent: [] }, now: number): Alert {
  if (isBlockedForTooLong(alert, plan, now)) return exhaust(alert, now)
  const { left, next } = chooseRetry(alert, retry)
  if (next) return enter(left, plan, next, now)
  return left.passedOver?.length ? lookLater(left, now) : exhaust(left, now)
}

function exhaust(alert: Alert, now: number): Alert {
  return log({ ...ended(alert), state: 'exhausted' }, { at: now, event: 'exhausted' })
}

function enter(alert: Alert, plan: AlertPlan, step: Step, now: number): Alert {
  const dueAt = now + waitSeconds(plan, step) * 1_000
  return log({ ...ended(alert), step, dueAt, resends: 0 }, { at: now, event: 'contacting', step: asTuple(step) })
}

function ended({ resendAt: _resendAt, isWaiting: _isWaiting, ...alert }: Alert): Alert {
  return alert
}
