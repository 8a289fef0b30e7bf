import { isChannel, rulesOf } from '../channels.ts'
import type { AlertSeen } from './switchboard.ts'

/** How far one channel of one person has come: `ringing` is the one that the walk waits for. */
export type StepState = 'waiting' | 'ringing' | 'unanswered' | 'refused' | 'seen'

/** A walk as the page draws it. */
export interface WalkView {
  id: string
  state: AlertSeen['state']
  text: string
  headline: string
  /** What comes when the time of the step is over; null when the walk has ended. */
  next: string | null
  /** Of the step under way; counted by this machine's clock, so that the page needs none. */
  remainingMs: number
  stepMs: number
  people: { name: string; steps: { channel: string; label: string; state: StepState; reason: string | null }[] }[]
}

/** What an alert's walk looks like at `now` (milliseconds). */
export function viewWalk(alert: AlertSeen, now: number): WalkView {
  const { id, state, text, current } = alert
  const begun = alert.timeline.findLast(({ event }) => event === 'contacting')
  const dueAt = current ? Date.parse(current.dueAt) : now
  return {
    id,
    state,
    text,
    headline: headlineOf(alert),
    next: nextOf(alert),
    remainingMs: Math.max(0, dueAt - now),
    stepMs: begun && current ? dueAt - Date.parse(begun.at) : 0,
    people: alert.users.map(({ name, channels }) => ({
      name,
      steps: channels.map((channel) => ({ channel, label: nameOf(channel), ...stepOf(alert, name, channel) })),
    })),
  }
}

function headlineOf({ state, current, attendedBy }: AlertSeen): string {
  if (state === 'walking') return current ? `${current.user}’s ${nameOf(current.channel)} rings` : 'On its way'
  if (state === 'exhausted') return 'Nobody looked'
  if (state === 'cancelled') return 'Cancelled'
  return `${attendedBy?.user ?? 'Somebody'} has it`
}

function nextOf({ state, current, users }: AlertSeen): string | null {
  if (state !== 'walking' || !current) return null
  const steps = users.flatMap(({ name, channels }) => channels.map((channel) => ({ name, channel })))
  const index = steps.findIndex(({ name, channel }) => name === current.user && channel === current.channel)
  const next = steps[index + 1]
  if (!next) return 'the end of the list'
  return `${next.name}’s ${nameOf(next.channel)}`
}

/** Of the newest round, as far as the timeline tells. */
function stepOf(alert: AlertSeen, user: string, channel: string): { state: StepState; reason: string | null } {
  const { current, attendedBy, timeline } = alert
  if (attendedBy?.user === user && attendedBy.channel === channel) return { state: 'seen', reason: attendedBy.how }
  if (current?.user === user && current.channel === channel) return { state: 'ringing', reason: null }
  const isOfStep = (entry: AlertSeen['timeline'][number]) => entry.user === user && entry.channel === channel
  const failed = timeline.findLast((entry) => isOfStep(entry) && entry.event === 'failed')
  if (failed) return { state: 'refused', reason: failed.reason }
  return { state: timeline.some(isOfStep) ? 'unanswered' : 'waiting', reason: null }
}

function nameOf(channel: string): string {
  return isChannel(channel) ? rulesOf[channel].label : channel
}
