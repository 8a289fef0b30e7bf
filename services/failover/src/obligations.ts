import { contactId, derivedId, isChannel } from '@switchboard/contracts'
import type { Alert, AlertPlan, Contact, PlanChannel } from '@switchboard/contracts'

import { channelAt, isSamePlace, isWholeUser, stepMessageId, stepsTaken, userAt } from './steps.ts'
import type { Step } from './steps.ts'
import { asTuple } from './timeline.ts'

/** What must exist in the world for an alert to be as its record says. The id of a message is its own. */
export type AlertObligation = { id: string } & (
  | { kind: 'code' }
  | { kind: 'contacts'; contacts: Contact[] }
  | { kind: 'caller-replies'; contacts: Contact[] }
  | { kind: 'message'; step: Step }
  | { kind: 'workflow'; step: Step }
  | { kind: 'deadline'; step: Step; at: number }
  | { kind: 'resend'; step: Step; at: number }
  | { kind: 'late-replies'; contacts: Contact[] }
  | { kind: 'no-contacts'; contacts: Contact[] }
  | { kind: 'listed-as-ended' }
  | { kind: 'closing'; user: string; channel: PlanChannel }
  | { kind: 'final-report' }
)

/** Derived from the record alone, and every one of them may be fulfilled again without a second effect. */
export function obligations(alert: Alert, plan: AlertPlan): AlertObligation[][] {
  return alert.state === 'walking' ? [ofStep(alert, plan)] : ofEnd(alert, plan)
}

/** When the alert itself has something to do, whatever else happens. */
export function lookAt({ state, dueAt, resendAt = Infinity }: Alert): number | undefined {
  return state === 'walking' ? Math.min(dueAt, resendAt) : undefined
}

function ofStep(alert: Alert, plan: AlertPlan): AlertObligation[] {
  const { step, dueAt, resendAt, dispatch } = alert
  const name = [step.round, step.user, step.channel, ...(step.pass === undefined ? [] : [step.pass])].join('.')
  const deadline = { id: `deadline-${name}`, kind: 'deadline', step, at: dueAt } as const
  // Nobody is asked until a sender opens; who has been asked can still answer.
  if (alert.isWaiting) return [{ id: 'code', kind: 'code' }, deadline]
  const contacts = contactsOf(plan, step)
  return [
    { id: 'code', kind: 'code' },
    // Before the message: a reply to it must find the alert. Replies to a Dispatch caller's messages are the caller's.
    { id: `contacts-${name}`, kind: dispatch ? 'caller-replies' : 'contacts', contacts },
    isWholeUser(plan)
      ? { id: `workflow-${name}`, kind: 'workflow', step }
      : { id: stepMessageId(alert, step, alert.resends), kind: 'message', step },
    deadline,
    ...(resendAt === undefined ? [] : [{ id: `resend-${name}`, kind: 'resend' as const, step, at: resendAt }]),
  ]
}

/** An alert that nobody has seen still takes replies for a while: their way is there before the other one is closed. */
function ofEnd(alert: Alert, plan: AlertPlan): AlertObligation[][] {
  const contacts = alert.dispatch ? [] : contactsReached(alert, plan)
  const takesReplies = alert.state === 'exhausted' && contacts.length > 0
  return [
    [
      { id: 'listed', kind: 'listed-as-ended' },
      ...(takesReplies ? [{ id: 'late', kind: 'late-replies' as const, contacts }] : []),
      ...closings(alert, plan),
      ...(alert.dispatch ? [{ id: 'report', kind: 'final-report' as const }] : []),
    ],
    contacts.length > 0 ? [{ id: 'released', kind: 'no-contacts', contacts }] : [],
  ]
}

/** Whose replies a step asks for: one contact's, or with Dispatch all of the user's. A phone call has none. */
export function contactsOf(plan: AlertPlan, step: Step): Contact[] {
  const channels = isWholeUser(plan) ? userAt(plan, step).channels : [channelAt(plan, step)]
  return channels.flatMap(({ channel, to }) => (isChannel(channel) ? [{ channel, address: to }] : []))
}

function contactsReached(alert: Alert, plan: AlertPlan): Contact[] {
  const reached = stepsTaken(alert, plan).flatMap((step) => contactsOf(plan, step))
  return [...new Map(reached.map((contact) => [contactId(contact), contact])).values()]
}

/** Everybody who was contacted hears who has it: once each, where they were written to last. */
function closings(alert: Alert, plan: AlertPlan): AlertObligation[] {
  if (!plan.announce || alert.state !== 'attended') return []
  const reachedLast = new Map<string, PlanChannel>()
  const wasAsked = (step: Step) => !alert.passedOver?.some((each) => isSamePlace(each, step)) && !wasSpared(alert, step)
  for (const step of stepsTaken(alert, plan).filter(wasAsked)) {
    const channel = channelAt(plan, step)
    if (isChannel(channel.channel)) reachedLast.set(userAt(plan, step).name, channel)
  }
  const { user: who, channel: where, step } = alert.attendedBy ?? {}
  const attendant = plan.users.find(({ name }) => name === who)
  const answeredOn = step ? attendant?.channels[step[2]] : attendant?.channels.find(({ channel }) => channel === where)
  if (attendant && answeredOn && isChannel(answeredOn.channel)) reachedLast.set(attendant.name, answeredOn)
  return [...reachedLast].map(([user, channel]) => ({
    id: derivedId('close', alert.id, user),
    kind: 'closing',
    user,
    channel,
  }))
}

/** Whoever passes an alert on is not asked on their other channels. */
function wasSpared({ timeline }: Alert, step: Step): boolean {
  const [round, user] = asTuple(step)
  const hasPassedOn = timeline.some(
    ({ event, step: at }) => event === 'passed-on' && at?.[0] === round && at[1] === user,
  )
  return (
    hasPassedOn &&
    !timeline.some(({ event, step: at }) => event === 'contacting' && at?.join() === asTuple(step).join())
  )
}
