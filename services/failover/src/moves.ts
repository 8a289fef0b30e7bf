import { turnAfter } from '@switchboard/contracts'
import type { Alert, AlertPlan } from '@switchboard/contracts'

import { block } from './passed-over.ts'
import { again, channelAt, isLastChannel, isWholeUser, nextStep, userAt, waitSeconds } from './steps.ts'
import type { Step } from './steps.ts'
import { asTuple, log } from './timeline.ts'

/** The moves that an alert can make; what makes it move is in walk.ts and acts.ts. */
export type Attendance = Omit<NonNullable<Alert['attendedBy']>, 'at'>

/** Somebody pays attention: also late, also after the list was exhausted. The first one is remembered. */
export function attend(alert: Alert, now: number, by: Attendance): Alert {
  if (alert.state !== 'walking' && alert.state !== 'exhausted') return alert
  const reason = [by.user, by.channel, by.how].filter(Boolean).join(' ')
  return log(
    { ...still(alert), state: 'attended', attendedBy: { ...by, at: now } },
    { at: now, event: 'attended', reason },
  )
}

export function whoseStep(plan: AlertPlan, step: Step): Omit<Attendance, 'how'> {
  return { user: userAt(plan, step).name, channel: channelAt(plan, step).channel, step: asTuple(step) }
}

export function enter(alert: Alert, plan: AlertPlan, step: Step, now: number): Alert {
  const dueAt = now + waitSeconds(plan, step) * 1_000
  return log({ ...still(alert), step, dueAt, resends: 0 }, { at: now, event: 'contacting', step: asTuple(step) })
}

/** From the current step to the one after it. */
export function goOn(alert: Alert, plan: AlertPlan, now: number): Alert {
  const { step, detour } = alert
  if (!detour) return goTo(alert, plan, nextStep(plan, step), now)
  const isDone = isWholeUser(plan) || isLastChannel(plan, step)
  return isDone ? goToNextPerson(alert, plan, now) : enter(alert, plan, { ...step, channel: step.channel + 1 }, now)
}

/** From whoever is asked to whoever comes after them; from somebody who was asked out of turn to where the walk was. */
export function goToNextPerson(alert: Alert, plan: AlertPlan, now: number): Alert {
  const { detour, ...rest } = alert
  const turn = turnAfter(alert, plan)
  return goTo(rest, plan, turn && { ...(detour ? again(alert.step) : alert.step), ...turn, channel: 0 }, now)
}

/** One that is blocked has been everywhere. */
function goTo(alert: Alert, plan: AlertPlan, next: Step | undefined, now: number): Alert {
  if (next && alert.blockedSince === undefined) return enter(alert, plan, next, now)
  return alert.passedOver?.length ? block(alert, now) : exhaust(alert, now)
}

export function exhaust(alert: Alert, now: number): Alert {
  return log({ ...still(alert), state: 'exhausted' }, { at: now, event: 'exhausted' })
}

/** Without what it was waiting for. */
export function still({ resendAt: _resendAt, isWaiting: _isWaiting, snooze: _snooze, ...alert }: Alert): Alert {
  return alert
}
