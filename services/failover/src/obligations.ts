import { contactId, derivedId, isChannel, stepMessageId } from '@switchboard/contracts'
import type { Alert, AlertPlan, Contact, PlanChannel, RememberedAct } from '@switchboard/contracts'

import { channelAt, isSamePlace, isWholeUser, stepsTaken, userAt } from './steps.ts'
import type { Step } from './steps.ts'
import { asTuple, isCut } from './timeline.ts'

/** What must exist in the world for an alert to be as its record says. The id of a message is its own. */
export type AlertObligation = { id: string } & (
  | { kind: 'code' }
  | { kind: 'contacts'; contacts: Contact[] }
  | { kind: 'caller-replies'; contacts: Contact[] }
  /** Whose replies it asks for, as soon as it leaves. */
  | { kind: 'message'; step: Step; contacts: Contact[] }
  | { kind: 'workflow'; step: Step }
  | { kind: 'deadline'; step: Step; at: number }
  | { kind: 'resend'; step: Step; at: number }
  | { kind: 'late-replies'; contacts: Contact[] }
  | { kind: 'no-contacts'; contacts: Contact[] }
  | { kind: 'listed-as-ended' }
  | { kind: 'listed-as-open' }
  | { kind: 'listed-as-blocked'; until: number }
  | { kind: 'not-blocked' }
  | { kind: 'closing'; about: 'attended' | 'over'; user: string; channel: PlanChannel }
  | { kind: 'answer'; act: RememberedAct; contact: Contact }
  /** An entry of the audit trail. */
  | { kind: 'trace'; act: RememberedAct; contact: Contact; does: string }
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
  const { step, dueAt, resendAt, dispatch, reopened } = alert
  const name = [step.round, step.user, step.channel, ...(step.pass === undefined ? [] : [step.pass])].join('.')
  const deadline = { id: `deadline-${name}`, kind: 'deadline', step, at: dueAt } as const
  const common: AlertObligation[] = [
    { id: 'code', kind: 'code' },
    ...(reopened === undefined ? [] : ofReopened(alert, plan, reopened)),
    ...ofBlocked(alert, name),
    ...answers(alert),
  ]
  // Nobody is asked until a sender opens, or as long as it is put off; who has been asked can still answer.
  if (alert.isWaiting) return [...common, deadline]
  const contacts = contactsOf(plan, step)
  const message = stepMessageId(alert, step, alert.resends)
  return [
    ...common,
    // Before the message: a reply to it must find the alert. Replies to a Dispatch caller's messages are the caller's.
    ...(dispatch ? [{ id: `contacts-${name}`, kind: 'caller-replies' as const, contacts }] : []),
    ...(isWholeUser(plan)
      ? [
          ...(dispatch ? [] : [{ id: `contacts-${name}`, kind: 'contacts' as const, contacts }]),
          { id: `workflow-${name}`, kind: 'workflow' as const, step },
        ]
      : [{ id: message, kind: 'message' as const, step, contacts: dispatch ? [] : contacts }]),
    deadline,
    ...(resendAt === undefined ? [] : [{ id: `resend-${name}`, kind: 'resend' as const, step, at: resendAt }]),
  ]
}

/** A blocked alert looks again and again: what it leaves behind does not count for longer than that. */
const BLOCKED_GRACE_MS = 30_000

function ofBlocked({ blockedSince, dueAt }: Alert, name: string): AlertObligation[] {
  if (blockedSince === undefined) return []
  return [{ id: `blocked-${name}`, kind: 'listed-as-blocked', until: dueAt + BLOCKED_GRACE_MS }]
}

/** When it ended it let go of everybody. */
function ofReopened(alert: Alert, plan: AlertPlan, times: number): AlertObligation[] {
  const contacts = alert.dispatch ? [] : contactsReached(alert, plan)
  return [
    { id: `open-again-${times}`, kind: 'listed-as-open' },
    ...(contacts.length > 0 ? [{ id: `contacts-again-${times}`, kind: 'contacts' as const, contacts }] : []),
  ]
}

/** Whoever did something by a message is told what came of it, and it is on record. */
function answers({ id, acts = [] }: Alert): AlertObligation[] {
  return acts.flatMap((act): AlertObligation[] => {
    const { contact, answer, does } = act
    if (contact === undefined) return []
    return [
      ...(answer === 'none' ? [] : [{ id: derivedId('ans', id, act.id), kind: 'answer' as const, act, contact }]),
      ...(does === undefined ? [] : [{ id: derivedId('act', id, act.id), kind: 'trace' as const, act, contact, does }]),
    ]
  })
}

/** One that has ended still hears people for a while: their way is there before the other one is closed. */
function ofEnd(alert: Alert, plan: AlertPlan): AlertObligation[][] {
  const contacts = alert.dispatch ? [] : contactsReached(alert, plan)
  return [
    [
      { id: `listed-${alert.state}`, kind: 'listed-as-ended' },
      ...(alert.blockedSince === undefined ? [] : [{ id: 'not-blocked', kind: 'not-blocked' as const }]),
      ...(contacts.length > 0 ? [{ id: `late-${alert.state}`, kind: 'late-replies' as const, contacts }] : []),
      ...answers(alert),
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

/** Everybody who was contacted hears who has it, and that it is over: once each, where they were written to last. */
function closings(alert: Alert, plan: AlertPlan): AlertObligation[] {
  if (!plan.announce || alert.state === 'exhausted') return []
  const { attendedBy, reopened, resolved } = alert
  const reached = reachedLast(alert, plan)
  const about = (what: 'attended' | 'over', word: string, except?: string): AlertObligation[] =>
    [...reached]
      .filter(([user]) => user !== except)
      .map(([user, channel]) => ({
        id: derivedId(word, alert.id, ...(reopened === undefined ? [] : [reopened]), user),
        kind: 'closing',
        about: what,
        user,
        channel,
      }))
  // Whoever takes it by a reply is answered there.
  const attendant = attendedBy?.how === 'reply' ? attendedBy.user : undefined
  return [
    ...(alert.state === 'attended' ? about('attended', 'close', attendant) : []),
    ...(alert.state === 'cancelled' || resolved ? about('over', 'over', resolved?.by) : []),
  ]
}

function reachedLast(alert: Alert, plan: AlertPlan): Map<string, PlanChannel> {
  const reached = new Map<string, PlanChannel>()
  for (const step of stepsTaken(alert, plan).filter((each) => wasAsked(alert, each))) {
    const channel = channelAt(plan, step)
    if (isChannel(channel.channel)) reached.set(userAt(plan, step).name, channel)
  }
  const { user: who, channel: where, step } = alert.attendedBy ?? {}
  const attendant = plan.users.find(({ name }) => name === who)
  const answeredOn = step ? attendant?.channels[step[2]] : attendant?.channels.find(({ channel }) => channel === where)
  if (attendant && answeredOn && isChannel(answeredOn.channel)) reached.set(attendant.name, answeredOn)
  return reached
}

/** Not everybody whom the walk has come by: some were passed over, or spared because somebody passed it on. */
function wasAsked({ timeline, passedOver = [] }: Alert, step: Step): boolean {
  if (passedOver.some((each) => isSamePlace(each, step))) return false
  const place = asTuple(step).join()
  return isCut(timeline) || timeline.some(({ event, step: at }) => event === 'contacting' && at?.join() === place)
}
