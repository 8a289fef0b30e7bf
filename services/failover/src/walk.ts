import { stateRank } from '@switchboard/contracts'
import type {
  Alert,
  AlertAttention,
  AlertPlan,
  AlertRequest,
  AttentionKind,
  Channel,
  MessageState,
  TimelineEntry,
} from '@switchboard/contracts'

import {
  channelAt,
  FIRST_STEP,
  isLastChannel,
  isSameStep,
  isWholeUser,
  nextStep,
  stepMessageId,
  stepsTaken,
  userAt,
  waitSeconds,
} from './steps.ts'
import type { Step } from './steps.ts'

/** What may happen to an alert. `messageState` is what the ledger says of the step's message at that moment. */
export type AlertEvent =
  | { kind: 'deadline'; step: Step; messageState: MessageState | undefined }
  | { kind: 'resend'; step: Step; messageState: MessageState | undefined }
  | AlertAttention['evidence']

/** How long an alert's message whose outcome is unknown may stay without a status before it is sent again. */
export const RESEND_GRACE_MS = 30_000
const MAX_RESENDS = 1
/** Of a longer timeline the beginning and the newest entries are kept. */
const MAX_TIMELINE = 300
const KEPT_BEGINNING = 50

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
      // What the ledger knows already counts, although nobody has told the alert yet.
      if (event.messageState === 'read') return attend(alert, now, { how: 'read', ...whoseStep(plan, event.step) })
      if (event.messageState === 'delivered' && deliveryIsEnough(alert, plan, event.step)) {
        return attend(alert, now, { how: 'delivered', ...whoseStep(plan, event.step) })
      }
      return now < alert.dueAt ? alert : moveOn(alert, plan, now, { event: 'deadline', step: event.step })
    case 'resend':
      return resend(alert, plan, event, now)
    case 'outcome':
      return outcome(alert, plan, event, now)
    case 'reply': {
      const step = stepsTaken(alert, plan).findLast((taken) => hasContact(plan, taken, event.contact))
      const user = step && userAt(plan, step).name
      return attend(alert, now, {
        how: 'reply',
        channel: event.contact.channel,
        ...(user === undefined ? {} : { user }),
      })
    }
    case 'link': {
      const user = plan.users[event.user]?.name
      return attend(alert, now, { how: 'link', ...(user === undefined ? {} : { user }) })
    }
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

function hasContact(plan: AlertPlan, step: Step, contact: { channel: Channel; address: string }): boolean {
  const channels = isWholeUser(plan) ? userAt(plan, step).channels : [channelAt(plan, step)]
  return channels.some(({ channel, to }) => channel === contact.channel && to === contact.address)
}

type Attendance = { how: AttentionKind; user?: string; channel?: Channel }

/** Somebody pays attention: also late, also after the list was exhausted. The first one is remembered. */
function attend(alert: Alert, now: number, by: Attendance): Alert {
  if (alert.state !== 'walking' && alert.state !== 'exhausted') return alert
  const reason = [by.user, by.channel, by.how].filter(Boolean).join(' ')
  return log(
    { ...ended(alert), state: 'attended', attendedBy: { ...by, at: now } },
    { at: now, event: 'attended', reason },
  )
}

function whoseStep(plan: AlertPlan, step: Step): { user: string; channel: Channel } {
  return { user: userAt(plan, step).name, channel: channelAt(plan, step).channel }
}

type Outcome = Extract<AlertAttention['evidence'], { kind: 'outcome' }>

/** What became of a step's message, current or abandoned. */
function outcome(alert: Alert, plan: AlertPlan, event: Outcome, now: number): Alert {
  const { step, state, reason } = event
  switch (state) {
    case 'read':
      return attend(alert, now, { how: 'read', ...whoseStep(plan, step) })
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
      const why = reason === undefined ? state : `${state}: ${reason}`
      // With Dispatch, Vonage itself goes on within a user; only its last channel is ours to leave.
      const isOurs = isCurrentMessage(alert, plan, event) && (!isWholeUser(plan) || isLastChannel(plan, step))
      if (isOurs) return moveOn(alert, plan, now, { event: 'failed', step, reason: why })
      return note(alert, { at: now, event: 'failed', step: asTuple(step), reason: why })
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

/** Leaves a step for the next one, or for the end. */
function moveOn(
  alert: Alert,
  plan: AlertPlan,
  now: number,
  why: { event: 'deadline' | 'failed'; step: Step; reason?: string },
): Alert {
  const left = log(alert, { ...why, at: now, step: asTuple(why.step) })
  const next = nextStep(plan, alert.step)
  return next
    ? enter(left, plan, next, now)
    : log({ ...ended(left), state: 'exhausted' }, { at: now, event: 'exhausted' })
}

function enter(alert: Alert, plan: AlertPlan, step: Step, now: number): Alert {
  const { resendAt: _resendAt, ...rest } = alert
  const dueAt = now + waitSeconds(plan, step) * 1_000
  return log({ ...rest, step, dueAt, resends: 0 }, { at: now, event: 'contacting', step: asTuple(step) })
}

function ended({ resendAt: _resendAt, ...alert }: Alert): Alert {
  return alert
}

function asTuple({ round, user, channel }: Step): [number, number, number] {
  return [round, user, channel]
}

/** Adds an entry that is worth one line only: the same event of the same step is not repeated. */
function note(alert: Alert, entry: TimelineEntry): Alert {
  const isKnown = alert.timeline.some(
    ({ event, step }) => event === entry.event && JSON.stringify(step) === JSON.stringify(entry.step),
  )
  return isKnown ? alert : log(alert, entry)
}

function log(alert: Alert, entry: TimelineEntry): Alert {
  const timeline = [...alert.timeline, entry]
  if (timeline.length > MAX_TIMELINE) timeline.splice(KEPT_BEGINNING, 1)
  return { ...alert, timeline }
}
