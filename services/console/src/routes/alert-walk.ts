import { reportsRead } from '@switchboard/contracts'
import type { Alert, AlertChannel, AlertPlan, PlanChannel, TimelineEntry } from '@switchboard/contracts'

import { formatDuration } from '../formats.ts'

/** One channel of one user in the picture of a walk. */
export interface WalkCell {
  channel: AlertChannel
  to: string
  /** Said there instead of the alert's text. */
  content: PlanChannel['content']
  /** `ahead`: may come; `spared`: the alert was over before it; `asked`: it was over, put off or handed over while this was waited for. */
  state: 'ahead' | 'current' | 'left' | 'asked' | 'failed' | 'attended' | 'spared' | 'cancelled'
  /** What it waits for, in words. */
  waitsFor: string
  contactedAt: number | undefined
  deliveredAt: number | undefined
  sentAgainAt: number | undefined
  isUnknown: boolean
  leftAt: number | undefined
  /** Why the walk went on, or who ended it here. */
  why: string | undefined
  dueAt: number | undefined
}

export interface WalkRow {
  name: string
  state: 'reached' | 'current' | 'attended' | 'ahead'
  cells: WalkCell[]
}

export interface WalkRound {
  /** From 1. */
  number: number
  rows: WalkRow[]
}

type Position = [round: number, user: number, channel: number]

/** An alert as a picture of its walk: people down, channels across; one picture per round that has begun. */
export function pictureWalk(alert: Alert, plan: AlertPlan): WalkRound[] {
  const attendedAt = attendedStep(alert, plan)
  const rounds = Math.max(...alert.timeline.map(({ step }) => step?.[0] ?? 0), 0) + 1
  return Array.from({ length: rounds }, (_, round) => ({
    number: round + 1,
    rows: plan.users.map((user, userIndex): WalkRow => {
      const cells = user.channels.map((channel, index) =>
        cellOf(channel, [round, userIndex, index], { alert, plan, attendedAt }),
      )
      return { name: user.name, state: stateOfRow(cells), cells }
    }),
  }))
}

function stateOfRow(cells: WalkCell[]): WalkRow['state'] {
  if (cells.some(({ state }) => state === 'attended')) return 'attended'
  if (cells.some(({ state }) => state === 'current')) return 'current'
  return cells.some(({ contactedAt }) => contactedAt !== undefined) ? 'reached' : 'ahead'
}

interface Walk {
  alert: Alert
  plan: AlertPlan
  attendedAt: Position | undefined
}

function cellOf(settings: PlanChannel, position: Position, walk: Walk): WalkCell {
  const { channel, to, content } = settings
  const { alert, plan, attendedAt } = walk
  const entries = newestVisit(alert.timeline.filter(({ step }) => isAt(step, position)))
  const when = (event: TimelineEntry['event']) => entries.find((entry) => entry.event === event)?.at
  const contactedAt = when('contacting') ?? (plan.engine === 'dispatch' ? dispatchedAt(alert, position) : undefined)
  const isCurrent = alert.state === 'walking' && !alert.isWaiting && isCurrentStep(walk, position)
  const isSpared = entries.some(wasSpared)
  const left = entries.findLast(
    (entry) => !wasSpared(entry) && (entry.event === 'deadline' || entry.event === 'failed' || isPassed(entry.event)),
  )
  const isAttended = attendedAt !== undefined && isAt(attendedAt, position)
  return {
    channel,
    to,
    content,
    state:
      isSpared && !left && !isAttended ? 'spared' : stateOfCell({ alert, contactedAt, isCurrent, isAttended, left }),
    waitsFor: waitsFor(settings, position, plan),
    contactedAt,
    deliveredAt: when('delivered'),
    sentAgainAt: when('sent-again'),
    isUnknown: when('unknown') !== undefined,
    leftAt: left?.at,
    why: left && !isAttended ? whyLeft(left, settings, position, plan) : undefined,
    dueAt: isCurrent ? alert.dueAt : undefined,
  }
}

/** A step that somebody is asked on once more, handed over or woken for example, says nothing of the time before. */
function newestVisit(entries: TimelineEntry[]): TimelineEntry[] {
  return entries.slice(
    Math.max(
      0,
      entries.findLastIndex(({ event }) => event === 'contacting'),
    ),
  )
}

/** Its message had not left when the alert was over. */
export function wasSpared({ event, reason }: Pick<TimelineEntry, 'event' | 'reason'>): boolean {
  return event === 'failed' && reason === 'suppressed: alert-over'
}

function isPassed(event: TimelineEntry['event']): boolean {
  return event === 'passed-over' || event === 'passed-on'
}

interface CellFacts {
  alert: Alert
  contactedAt: number | undefined
  isCurrent: boolean
  isAttended: boolean
  left: TimelineEntry | undefined
}

function stateOfCell({ alert, contactedAt, isCurrent, isAttended, left }: CellFacts): WalkCell['state'] {
  if (isAttended) return 'attended'
  if (isCurrent) return 'current'
  if (left) return left.event === 'deadline' || left.event === 'passed-on' ? 'left' : 'failed'
  if (contactedAt !== undefined) return unfinished(alert)
  return alert.state === 'walking' ? 'ahead' : 'spared'
}

/** Of a step that was waited for to the end of the alert, or until it was put off or handed over. */
function unfinished({ state }: Alert): WalkCell['state'] {
  return state === 'cancelled' ? 'cancelled' : 'asked'
}

/** With Dispatch, Vonage walks the channels of a user: we know when it got them. */
function dispatchedAt({ timeline }: Alert, [round, user, channel]: Position): number | undefined {
  if (channel === 0) return undefined
  const isKnown = timeline.some(({ step, event }) => event !== 'contacting' && isAt(step, [round, user, channel]))
  return isKnown
    ? timeline.find(({ step, event }) => event === 'contacting' && isAt(step, [round, user, 0]))?.at
    : undefined
}

function isCurrentStep({ alert, plan }: Walk, [round, user, channel]: Position): boolean {
  const { step } = alert
  return step.round === round && step.user === user && (plan.engine === 'dispatch' || step.channel === channel)
}

/** The step that attention came by, as far as it can be told. */
function attendedStep({ attendedBy, timeline }: Alert, plan: AlertPlan): Position | undefined {
  if (!attendedBy?.user) return undefined
  if (attendedBy.step) return attendedBy.step
  const { user: name, channel } = attendedBy
  return timeline.findLast(({ event, step }) => {
    if (event !== 'contacting' || !step) return false
    const user = plan.users[step[1]]
    return user?.name === name && (channel === undefined || user.channels[step[2]]?.channel === channel)
  })?.step
}

function isAt(step: TimelineEntry['step'], [round, user, channel]: Position): boolean {
  return step !== undefined && step[0] === round && step[1] === user && step[2] === channel
}

type ChannelSettings = Pick<PlanChannel, 'channel' | 'condition' | 'expirySeconds'>

function isLast(plan: AlertPlan, [, user, channel]: Position): boolean {
  return channel === (plan.users[user]?.channels.length ?? 0) - 1
}

function waitsFor(settings: ChannelSettings, position: Position, plan: AlertPlan): string {
  const finalWaitMs = (plan.users[position[1]]?.finalWaitSeconds ?? 0) * 1_000
  return isLast(plan, position)
    ? `for an answer, ${formatDuration(finalWaitMs)}`
    : `${wantedOf(settings)}, ${formatDuration(settings.expirySeconds * 1_000)}`
}

/** Nobody hears that a text was read: of those only an answer counts. */
function isReadAsked({ channel, condition }: ChannelSettings): boolean {
  return condition === 'read' && reportsRead(channel)
}

function wantedOf(settings: ChannelSettings): string {
  if (settings.channel === 'voice') return 'for a key'
  if (settings.condition === 'delivered') return 'for delivery'
  return isReadAsked(settings) ? 'to be read' : 'for an answer'
}

function missed(settings: ChannelSettings): string {
  if (settings.channel === 'voice') return 'no key'
  if (settings.condition === 'delivered') return 'not delivered'
  return isReadAsked(settings) ? 'not read' : 'no answer'
}

function whyLeft(left: TimelineEntry, settings: ChannelSettings, position: Position, plan: AlertPlan): string {
  if (left.event === 'passed-over') return `passed over: ${left.reason?.replace(/^dropped: /, '') ?? 'not sent'}`
  if (left.event === 'passed-on') return 'passed on'
  if (left.event === 'failed') return left.reason ?? 'failed'
  const finalWaitMs = (plan.users[position[1]]?.finalWaitSeconds ?? 0) * 1_000
  if (isLast(plan, position)) return `no answer within ${formatDuration(finalWaitMs)}`
  return `${missed(settings)} within ${formatDuration(settings.expirySeconds * 1_000)}`
}
