import { redactLinks, traceOfAct } from '@switchboard/contracts'
import type { ActAnswer, Alert, AlertAct, AlertPlan, Contact } from '@switchboard/contracts'

import { attend, enter, goToNextPerson, still } from './moves.ts'
import type { Attendance } from './moves.ts'
import type { Answer } from './read-answer.ts'
import { nameBeginning } from './read-answer.ts'
import { isSamePerson, again, channelAt, FIRST_STEP, isWholeUser, stepsTaken, userAt } from './steps.ts'
import type { Step } from './steps.ts'
import { asTuple, log } from './timeline.ts'

/** Something that a person does with an alert, by whatever way. */
export interface Act {
  kind: 'act'
  /** The same act twice is one. */
  id: string
  act: AlertAct | Answer
  by: ActBy
  /** What they said, in their words. */
  words?: string
}

export interface ActBy {
  how: 'reply' | 'link' | 'api' | 'call'
  /** Their place in the plan's list. */
  user?: number | undefined
  name?: string | undefined
  /** The step they speak of: in a call, its own. */
  step?: Step | undefined
  contact?: Contact | undefined
}

interface Effect {
  after: Alert
  answer: ActAnswer
}

/** So many are remembered; nobody repeats older ones. */
const MAX_ACTS = 30

/** What an alert becomes by what somebody does. Each has one outcome, which whoever did it is told. */
export function perform(alert: Alert, plan: AlertPlan, event: Act, now: number): Alert {
  const { acts = [] } = alert
  if (acts.some(({ id }) => id === event.id)) return alert
  const by = { ...event.by, ...whereFrom(alert, plan, event.by) }
  const heard = hear(alert, plan, { ...event, by }, now)
  const { after, answer } = effectOf(heard, plan, { ...event, by }, now)
  const { contact } = by
  const isQuestion = event.act.kind === 'who' || event.act.kind === 'explain'
  const remembered = {
    id: event.id,
    at: now,
    answer,
    ...(contact ? { contact } : {}),
    ...(isQuestion ? { isQuestion } : {}),
    ...(contact && isDeed(event.act.kind) ? { does: traceOfAct(event.act.kind) } : {}),
  }
  return { ...after, acts: [...acts, remembered].slice(-MAX_ACTS) }
}

/** Their words stay, whatever they meant; not a link of theirs, which others could act by. */
function hear(alert: Alert, plan: AlertPlan, { words, by }: Act, now: number): Alert {
  if (words === undefined) return alert
  const name = nameOf(plan, by)
  const step = by.contact && by.step ? { step: asTuple(by.step) } : {}
  return log(alert, {
    at: now,
    event: 'said',
    ...step,
    reason: redactLinks(words),
    ...(name === undefined ? {} : { by: name }),
  })
}

/** Not a question, not a machine that answers, nothing that nobody understands. */
function isDeed(kind: Act['act']['kind']): kind is AlertAct['kind'] {
  return kind === 'note' || moving.has(kind)
}

/** What changes nothing any more once an alert is over. */
const moving = new Set<Act['act']['kind']>(['mine', 'pass', 'hand-over', 'snooze', 'resolve'])

function effectOf(alert: Alert, plan: AlertPlan, { act, by }: Act, now: number): Effect {
  const unchanged = (answer: ActAnswer): Effect => ({ after: alert, answer })
  const isOver = alert.state === 'cancelled' || alert.resolved !== undefined
  if (isOver && moving.has(act.kind)) return unchanged('over')
  switch (act.kind) {
    case 'who':
      return unchanged('who')
    case 'explain':
    case 'unclear':
      return unchanged('how')
    case 'automatic':
      return unchanged('none')
    case 'note':
      return { after: noteDown(alert, plan, { act, by }, now), answer: 'noted' }
    case 'mine':
      if (alert.state === 'attended') return unchanged(holds(alert, plan, by) ? 'taken' : 'has-it')
      return { after: attend(alert, now, attendanceOf(plan, by)), answer: 'taken' }
    case 'pass':
      return passOn(alert, plan, by, now)
    case 'hand-over':
      return handOver(alert, plan, { to: act.to, by }, now)
    case 'snooze':
      return snooze(alert, plan, { minutes: act.minutes, by }, now)
    case 'resolve':
      return { after: resolve(alert, plan, by, now), answer: 'resolved' }
  }
}

function noteDown(
  alert: Alert,
  plan: AlertPlan,
  { act, by }: { act: Extract<Act['act'], { kind: 'note' }>; by: ActBy },
  now: number,
): Alert {
  const name = nameOf(plan, by)
  // What was said in a reply is there already.
  if (act.text === undefined) return alert
  return log(alert, {
    at: now,
    event: 'note',
    reason: redactLinks(act.text),
    ...(name === undefined ? {} : { by: name }),
  })
}

/** Whoever is asked, or has it, cannot: the next person is asked now. Others are told how things stand. */
function passOn(alert: Alert, plan: AlertPlan, by: ActBy, now: number): Effect {
  if (alert.state === 'exhausted') return { after: alert, answer: 'nobody-left' }
  if (alert.state === 'attended' && !mayTakeBack(alert, plan, by)) return { after: alert, answer: 'has-it' }
  if (alert.state === 'walking' && !isAsked(alert, by)) return { after: alert, answer: 'who' }
  const open = letGo(reopen(alert, plan), alert.step, by)
  const noted = log(open, { at: now, event: 'passed-on', ...whose(alert, plan, by) })
  const wasTheirTurn = by.user === undefined || by.user === alert.step.user
  // Somebody else was being asked when this one took it: they still are.
  const after = wasTheirTurn ? goToNextPerson(noted, plan, now) : enter(noted, plan, personAgain(alert), now)
  return { after, answer: after.state === 'walking' && !after.isWaiting ? 'passed' : 'nobody-left' }
}

/** Asked out of turn, now; when they do not answer the walk goes on where it was. */
function handOver(alert: Alert, plan: AlertPlan, { to, by }: { to: string; by: ActBy }, now: number): Effect {
  const user = nameBeginning(to, plan.users)
  if (user === undefined) return { after: alert, answer: 'unknown-name' }
  if (alert.state === 'attended' && !mayTakeBack(alert, plan, by)) return { after: alert, answer: 'has-it' }
  const from = alert.detour?.from ?? alert.step
  const open = letGo(reopen(alert, plan), alert.step, by)
  const others = (open.handedTo ?? []).filter((each) => each !== user)
  const step = { ...again(alert.step), user, channel: 0 }
  const name = nameOf(plan, by)
  const noted = log(
    { ...open, detour: { from }, handedTo: [...others, user] },
    { at: now, event: 'handed-over', reason: userAt(plan, step).name, ...(name === undefined ? {} : { by: name }) },
  )
  return { after: enter(noted, plan, step, now), answer: 'handed-over' }
}

/** Nobody is asked for so long; then whoever was asked is asked again, or everybody, where everybody had been. */
function snooze(alert: Alert, plan: AlertPlan, { minutes, by }: { minutes: number; by: ActBy }, now: number): Effect {
  if (alert.state === 'attended' && !mayTakeBack(alert, plan, by)) return { after: alert, answer: 'has-it' }
  const name = nameOf(plan, by)
  const open = letGo(reopen(alert, plan), alert.step, by)
  const { round } = alert.step
  const step = again(alert.state === 'exhausted' ? { ...FIRST_STEP, round: round + 1 } : alert.step, alert.step)
  const after: Alert = {
    ...still(open),
    step,
    isWaiting: true,
    snooze: name === undefined ? {} : { by: name },
    dueAt: now + minutes * 60_000,
    resends: 0,
  }
  const who = name === undefined ? {} : { by: name }
  return { after: log(after, { at: now, event: 'snoozed', reason: `${minutes} min`, ...who }), answer: 'snoozed' }
}

/** The time for which an alert was put off is over. */
export function wake(alert: Alert, plan: AlertPlan, now: number): Alert {
  return enter(log(alert, { at: now, event: 'woken' }), plan, personAgain(alert), now)
}

function resolve(alert: Alert, plan: AlertPlan, by: ActBy, now: number): Alert {
  const name = nameOf(plan, by)
  const who = name === undefined ? {} : { by: name }
  const state = alert.state === 'attended' ? 'attended' : 'cancelled'
  return log({ ...still(alert), state, resolved: { at: now, ...who } }, { at: now, event: 'resolved', ...who })
}

/** Whoever has it may give it away; so may an operator. What a caller of our Dispatch endpoint was told stays so. */
function mayTakeBack(alert: Alert, plan: AlertPlan, by: ActBy): boolean {
  return alert.dispatch === undefined && (by.how === 'api' || holds(alert, plan, by))
}

function holds({ attendedBy }: Alert, plan: AlertPlan, by: ActBy): boolean {
  return attendedBy?.user !== undefined && attendedBy.user === nameOf(plan, by)
}

/** Whether it is their turn. Who passes it on for others, by the API, need not be asked. */
function isAsked(alert: Alert, { how, user, step }: ActBy): boolean {
  if (alert.isWaiting && !alert.snooze) return false
  if (how === 'api') return true
  if (how === 'call') return step !== undefined && isSamePerson(alert.step, step)
  return user === alert.step.user
}

/** It had ended, and is walked on: what was read until now says nothing any more. */
function reopen(alert: Alert, plan: AlertPlan): Alert {
  if (alert.state === 'walking') return alert
  const { attendedBy: _attendedBy, ...rest } = alert
  const wasSeen = alert.state === 'attended'
  const { round, pass = 0 } = alert.step
  const until: [number, number] = [round, pass]
  const everybody = Object.fromEntries(plan.users.map((_, user) => [user, until]))
  return {
    ...rest,
    state: 'walking',
    step: again(alert.step),
    reopened: (alert.reopened ?? 0) + 1,
    ...(wasSeen ? { letGo: everybody } : {}),
  }
}

function letGo(alert: Alert, { round, pass = 0 }: Step, { user }: ActBy): Alert {
  if (user === undefined) return alert
  return { ...alert, letGo: { ...alert.letGo, [user]: [round, pass] } }
}

/** Whether what became of a message says something about its reader still. */
export function counts({ letGo = {} }: Alert, step: Step): boolean {
  const [round, pass] = letGo[step.user] ?? [-1, -1]
  return step.round > round || (step.pass ?? 0) > pass
}

function personAgain(alert: Alert): Step {
  return again({ ...alert.step, channel: 0 })
}

function whose(alert: Alert, plan: AlertPlan, by: ActBy) {
  const step = by.step ?? (by.user === undefined || by.user === alert.step.user ? alert.step : undefined)
  const reason = nameOf(plan, by) ?? userAt(plan, alert.step).name
  return { reason, ...(step ? { step: asTuple(step) } : {}) }
}

function nameOf(plan: AlertPlan, { user, name }: Pick<ActBy, 'user' | 'name'>): string | undefined {
  return (user === undefined ? undefined : plan.users[user]?.name) ?? name
}

function attendanceOf(plan: AlertPlan, by: ActBy): Attendance {
  const user = nameOf(plan, by)
  const where =
    by.how === 'call' && by.step ? { channel: channelAt(plan, by.step).channel, step: asTuple(by.step) } : {}
  return {
    how: by.how,
    ...(user === undefined ? {} : { user }),
    ...where,
    ...(by.contact ? { channel: by.contact.channel } : {}),
    ...(by.contact && by.step ? { step: asTuple(by.step) } : {}),
  }
}

/** Whose number it is, and which: one person may have several on one channel. */
function whereFrom(alert: Alert, plan: AlertPlan, { contact }: ActBy): Pick<ActBy, 'user' | 'step'> {
  if (!contact) return {}
  const taken = stepsTaken(alert, plan).findLast((step) => indexOf(plan, step, contact) >= 0)
  if (!taken) return {}
  const channel = isWholeUser(plan) ? indexOf(plan, taken, contact) : taken.channel
  return { user: taken.user, step: { ...taken, channel } }
}

function indexOf(plan: AlertPlan, step: Step, contact: Contact): number {
  const { channels } = userAt(plan, step)
  const isTheirs = (index: number) =>
    channels[index]?.channel === contact.channel && channels[index]?.to === contact.address
  if (!isWholeUser(plan)) return isTheirs(step.channel) ? step.channel : -1
  return channels.findIndex((_, index) => isTheirs(index))
}
