import { derivedId } from '@switchboard/contracts'
import type { Alert, AlertPlan, Channel, PlanChannel } from '@switchboard/contracts'

import { channelAt, isWholeUser, stepsTaken, userAt } from './steps.ts'
import type { Step } from './steps.ts'

/** What must exist in the world for an alert to be as its record says. */
export type Obligation =
  | { kind: 'message'; step: Step; messageId: string; contact: { channel: Channel; address: string } }
  | { kind: 'workflow'; step: Step }
  | { kind: 'deadline'; step: Step; at: number }
  | { kind: 'resend'; step: Step; at: number }
  | { kind: 'closing'; messageId: string; user: string; channel: PlanChannel }
  | { kind: 'final-report' }

/**
 * Derived from the record alone, and every one of them may be fulfilled again without a second effect. So whatever was
 * interrupted between the record and the world is made good by doing this once more.
 */
export function obligations(alert: Alert, plan: AlertPlan): Obligation[] {
  if (alert.state !== 'walking')
    return [...closings(alert, plan), ...(alert.dispatch ? [{ kind: 'final-report' as const }] : [])]
  const { step } = alert
  const send: Obligation = isWholeUser(plan)
    ? { kind: 'workflow', step }
    : { kind: 'message', step, messageId: stepMessageId(alert, step, alert.resends), contact: contactOf(plan, step) }
  return [
    send,
    { kind: 'deadline', step, at: alert.dueAt },
    ...(alert.resendAt === undefined ? [] : [{ kind: 'resend' as const, step, at: alert.resendAt }]),
  ]
}

/** The id of a step's message; a message that is sent again is another message. */
export function stepMessageId({ id }: Pick<Alert, 'id'>, { round, user, channel }: Step, resends: number): string {
  return derivedId('al', id, round, user, channel, resends)
}

function contactOf(plan: AlertPlan, step: Step): { channel: Channel; address: string } {
  const { channel, to } = channelAt(plan, step)
  return { channel, address: to }
}

/** Whom a step reaches: one contact, or with Dispatch all of the user's. */
export function contactsOf(plan: AlertPlan, step: Step): { channel: Channel; address: string }[] {
  if (!isWholeUser(plan)) return [contactOf(plan, step)]
  return userAt(plan, step).channels.map(({ channel, to }) => ({ channel, address: to }))
}

/** Everybody who was contacted hears who has it: once each, where they were reached last. */
function closings(alert: Alert, plan: AlertPlan): Obligation[] {
  if (!plan.announce || alert.state !== 'attended') return []
  const reachedLast = new Map<string, PlanChannel>()
  for (const step of stepsTaken(alert, plan)) reachedLast.set(userAt(plan, step).name, channelAt(plan, step))
  const { user: who, channel: where } = alert.attendedBy ?? {}
  const attendant = plan.users.find(({ name }) => name === who)
  const answeredOn = attendant?.channels.find(({ channel }) => channel === where)
  if (attendant && answeredOn) reachedLast.set(attendant.name, answeredOn)
  return [...reachedLast].map(([user, channel]) => ({
    kind: 'closing',
    messageId: derivedId('close', alert.id, user),
    user,
    channel,
  }))
}
