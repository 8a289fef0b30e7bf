import { alertFactsOf, askedOf, fillText, personAfter, textWithLink } from '@switchboard/contracts'
import type { ActAnswer, Alert, AlertPlan } from '@switchboard/contracts'

/** What the page shows of an alert to one of the people on its list. */
export interface AcknowledgeView {
  code: string
  text: string
  name: string
  /** Where it comes from. */
  from: string
  since: number
  now: number
  headline: string
  /** What came of what they have just done. */
  told: string | undefined
  people: { name: string; lines: string[]; isNow: boolean }[]
  notes: { by: string | undefined; text: string }[]
  /** What others hear. */
  others: string | undefined
  canTake: boolean
  canPass: boolean
  isOver: boolean
  /** Whom it may be handed to. */
  colleagues: string[]
}

export interface Looked {
  alert: Alert
  plan: AlertPlan
  user: number
  now: number
  /** What they have just done: what came of it; null: nobody has looked at it yet. */
  outcome?: ActAnswer | null | undefined
  /** What people are told who ask for it later. */
  closing: string
}

export function viewAcknowledge({ alert, plan, user, now, outcome, closing }: Looked): AcknowledgeView {
  const { state, attendedBy, step, snooze } = alert
  const name = plan.users[user]?.name ?? ''
  const isOver = state === 'cancelled' || alert.resolved !== undefined
  const isMine = attendedBy?.user === name
  return {
    code: alert.code,
    text: textWithLink(alert.text, alert.media),
    name,
    from: [alert.groupKey === undefined ? undefined : 'Alertmanager', plan.policy].filter(Boolean).join(' · '),
    since: alert.createdAt,
    now,
    headline: headlineOf(alert, plan, { name, now }),
    told: outcome === undefined ? undefined : toldOf(outcome, alert, plan),
    people: peopleOf(alert, plan, now),
    notes: alert.timeline.flatMap(({ event, by, reason }) =>
      event === 'note' && reason !== undefined ? [{ by, text: reason }] : [],
    ),
    others: othersOf(alert, plan, closing),
    canTake: !isOver && (state === 'walking' || state === 'exhausted'),
    // Of a list of one nobody would be left.
    canPass:
      !isOver &&
      plan.users.length > 1 &&
      ((state === 'walking' && step.user === user && (!alert.isWaiting || snooze !== undefined)) ||
        (state === 'attended' && isMine)),
    isOver,
    colleagues: plan.users.map((each) => each.name).filter((each) => each !== name),
  }
}

function headlineOf(alert: Alert, plan: AlertPlan, { name, now }: { name: string; now: number }): string {
  const { state, attendedBy, snooze, dueAt } = alert
  if (alert.resolved) return `It is over${alert.resolved.by === undefined ? '' : `, says ${alert.resolved.by}`}.`
  switch (state) {
    case 'attended':
      return attendedBy?.user === name ? 'You have it.' : `${attendedBy?.user ?? 'Somebody'} has it.`
    case 'cancelled':
      return 'It is over. There is nothing to do.'
    case 'exhausted':
      return plan.users.length === 1
        ? 'Nobody has it: you are the only one on the list.'
        : 'Nobody has it, and everybody on the list was asked.'
    case 'walking': {
      if (snooze)
        return `Put off${snooze.by === undefined ? '' : ` by ${snooze.by}`}: asked again ${inTime(dueAt - now)}.`
      if (alert.isWaiting)
        return 'Nobody has it yet. Not everybody could be reached: it goes on as soon as they can be.'
      const next = personAfter(alert, plan)
      if (next)
        return `Nobody has it yet. ${next.name === name ? 'You are' : `${next.name} is`} asked next, ${inTime(next.at - now)}.`
      return plan.users.length === 1
        ? 'Nobody has it yet, and you are the only one on the list.'
        : 'Nobody has it yet, and nobody comes after this.'
    }
  }
}

function toldOf(outcome: ActAnswer | null, { step, attendedBy, snooze }: Alert, plan: AlertPlan): string {
  const current = plan.users[step.user]?.name ?? 'somebody'
  switch (outcome) {
    case null:
      return 'It is written down, and counts.'
    case 'taken':
      return 'You have it. Nobody else is asked.'
    case 'has-it':
      return `${attendedBy?.user ?? 'Somebody'} has it already.`
    case 'over':
      return 'It was over already.'
    case 'passed':
      return `Passed on: ${current} is asked now.`
    case 'nobody-left':
      return 'Nobody is left to pass it on to.'
    case 'noted':
      return 'Your note is kept.'
    case 'handed-over':
      return `Handed over: ${current} is asked now.`
    case 'unknown-name':
      return 'Nobody on the list has this name.'
    case 'snoozed':
      return snooze ? 'Put off.' : 'It was put off.'
    case 'resolved':
      return 'Thank you.'
    case 'who':
    case 'how':
    case 'none':
      return 'Somebody else is being asked by now.'
  }
}

function peopleOf(alert: Alert, plan: AlertPlan, now: number): AcknowledgeView['people'] {
  const { state, step, isWaiting, dueAt, attendedBy, resolved } = alert
  const current = state === 'walking' && !isWaiting ? plan.users[step.user] : undefined
  const next = personAfter(alert, plan)
  const people = askedOf(alert, plan).map(({ name, said }) => {
    const isNow = current?.name === name
    const channel = current?.channels[step.channel]?.channel
    const asked = alert.timeline.findLast(
      (entry) => entry.event === 'contacting' && entry.step && plan.users[entry.step[1]]?.name === name,
    )
    return {
      name,
      isNow,
      lines: [
        ...(asked ? [`asked ${ago(now - asked.at)}`] : []),
        ...(said === undefined ? [] : [`“${said}”`]),
        ...(isNow && channel ? [`being asked ${alertFactsOf[channel].how}, ${left(dueAt - now)}`] : []),
        ...(state === 'attended' && attendedBy?.user === name ? [resolved ? 'had it' : 'has it'] : []),
      ],
    }
  })
  const isKnown = people.some(({ name }) => name === next?.name)
  return next && !isKnown
    ? [...people, { name: next.name, isNow: false, lines: [`asked ${inTime(next.at - now)}`] }]
    : people
}

function othersOf(
  { state, attendedBy, text, code }: Alert,
  { announce, users }: AlertPlan,
  closing: string,
): string | undefined {
  if (state !== 'attended' || users.length === 1) return undefined
  const said = fillText(closing, { who: attendedBy?.user ?? 'Somebody', text, code })
  return announce ? `Everybody who was asked is told: “${said}”` : `Whoever answers now hears: “${said}”`
}

export function ago(ms: number): string {
  return ms < 60_000 ? 'just now' : `${duration(ms)} ago`
}

function inTime(ms: number): string {
  return ms <= 0 ? 'now' : `in ${duration(ms)}`
}

function left(ms: number): string {
  return ms <= 0 ? 'time is up' : `${duration(ms)} left`
}

function duration(ms: number): string {
  if (ms < 60_000) return `${Math.ceil(ms / 1_000)} s`
  const minutes = Math.round(ms / 60_000)
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`
}
