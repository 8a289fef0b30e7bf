import type { Alert, AlertPlan, MessageState } from '@switchboard/contracts'

import { isSamePlace, isWholeUser } from './steps.ts'
import type { Step } from './steps.ts'
import { log } from './timeline.ts'

/** What is known of the steps that were passed over, when an alert looks again. */
export interface Retry {
  /** Those whose sender may be tried. */
  open: Step[]
  /** Those whose message went out after all. */
  sent: Step[]
}

/** How often a blocked alert looks whether a sender has opened. */
const LOOK_MS = 15_000
const BLOCKED_SECONDS = 86_400

const notSent = new Set<MessageState | undefined>([undefined, 'released', 'dropped'])

/** Whether the provider has taken the message of the current step, or may have. */
export function wentOut(alert: Alert, plan: AlertPlan, messageState: MessageState | undefined): boolean {
  const isHandedOver = isWholeUser(plan) && alert.workflows?.[`${alert.step.round}.${alert.step.user}`] !== undefined
  return isHandedOver || !notSent.has(messageState)
}

/** Remembers a step whose message never went out. */
export function passOver(alert: Alert, step: Step): Alert {
  const others = (alert.passedOver ?? []).filter((each) => !isSamePlace(each, step))
  return { ...alert, passedOver: [...others, step] }
}

/** The list is at its end, but not everybody on it could be asked: it waits until somebody can be. */
export function block(alert: Alert, now: number): Alert {
  const isNew = alert.blockedSince === undefined
  const blocked = { ...lookLater(alert, now), blockedSince: alert.blockedSince ?? now }
  const count = alert.passedOver?.length ?? 0
  return isNew ? log(blocked, { at: now, event: 'blocked', reason: `${count} not asked yet` }) : blocked
}

export function isBlockedForTooLong({ blockedSince = Infinity }: Alert, plan: AlertPlan, now: number): boolean {
  return now >= blockedSince + (plan.blockedSeconds ?? BLOCKED_SECONDS) * 1_000
}

/** The alert without what went out after all, and the step to walk now, if there is one. */
export function chooseRetry(alert: Alert, { open, sent }: Retry): { left: Alert; next: Step | undefined } {
  const waiting = (alert.passedOver ?? []).filter((step) => !sent.some((each) => isSamePlace(each, step)))
  const chosen = waiting.find((step) => open.some((each) => isSamePlace(each, step)))
  const passedOver = waiting.filter((step) => step !== chosen)
  const next = chosen && { ...chosen, pass: (alert.step.pass ?? 0) + 1 }
  return { left: { ...alert, passedOver }, next }
}

/** Each look has a timer of its own, as each step has. */
export function lookLater(alert: Alert, now: number): Alert {
  const { resendAt: _resendAt, ...rest } = alert
  const step = { ...alert.step, pass: (alert.step.pass ?? 0) + 1 }
  return { ...rest, step, isWaiting: true, dueAt: now + LOOK_MS, resends: 0 }
}
