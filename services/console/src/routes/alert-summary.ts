import { alertFactsOf, endedAt } from '@switchboard/contracts'
import type { Alert, AlertChannel, AlertPlan, TimelineEntry } from '@switchboard/contracts'
import type { Alerts } from '@switchboard/store'

/** An alert in one line. */
export interface AlertSummary {
  id: string
  code: string
  text: string
  state: Alert['state']
  policy: string | undefined
  createdAt: number
  /** Not everybody on its list could be asked: it waits until that is possible. */
  isBlocked: boolean
  /** Whom it contacts now, and until when. */
  current: { user: string; channel: AlertChannel; dueAt: number } | undefined
  /** Put off: when somebody is asked again. */
  snoozedUntil: number | undefined
  endedBy: string | undefined
  endedAt: number | undefined
  steps: number
  /** Everybody on its list. */
  people: string[]
  /** Who was written to or called, in that order. */
  asked: string[]
}

export async function summariseAlert(
  id: string,
  alerts: Pick<Alerts, 'get' | 'plan'>,
): Promise<AlertSummary | undefined> {
  const alert = await alerts.get(id)
  return alert && summary(alert, await alerts.plan(alert.planId))
}

/** Those that are still there. */
export async function summariseAlerts(ids: string[], alerts: Pick<Alerts, 'get' | 'plan'>): Promise<AlertSummary[]> {
  const found = await Promise.all(ids.map((id) => summariseAlert(id, alerts)))
  return found.filter((alert) => alert !== undefined)
}

function summary(alert: Alert, plan: AlertPlan): AlertSummary {
  const { id, code, text, state, createdAt, step, dueAt, attendedBy, timeline } = alert
  const user = plan.users[step.user]
  const channel = user?.channels[step.channel]?.channel
  return {
    id,
    code,
    text,
    state,
    policy: plan.policy,
    createdAt,
    isBlocked: state === 'walking' && alert.blockedSince !== undefined,
    current:
      state === 'walking' && !alert.isWaiting && user && channel ? { user: user.name, channel, dueAt } : undefined,
    snoozedUntil: state === 'walking' && alert.snooze ? dueAt : undefined,
    endedBy: attendedBy && describeAttention(attendedBy),
    endedAt: endedAt(alert),
    steps: timeline.filter(({ event }) => event === 'contacting').length,
    people: plan.users.map(({ name }) => name),
    asked: namesAsked(timeline, plan),
  }
}

function namesAsked(timeline: TimelineEntry[], { users }: AlertPlan): string[] {
  const asked = timeline.flatMap(({ event, step }) => (event === 'contacting' && step ? [users[step[1]]?.name] : []))
  return [...new Set(asked.filter((name) => name !== undefined))]
}

/** `Michael replied on WhatsApp`. */
export function describeAttention({ how, user, channel }: NonNullable<Alert['attendedBy']>): string {
  const who = user ?? 'Somebody'
  const where = channel ? ` on ${alertFactsOf[channel].label}` : ''
  switch (how) {
    case 'read':
      return `${who} read it${where}`
    case 'delivered':
      return `Delivered to ${who}${where}`
    case 'reply':
      return `${who} replied${where}`
    case 'link':
      return `${who} opened the link`
    case 'call':
      return `${who} pressed a key in a phone call`
    case 'api':
      return `${who} acknowledged it`
  }
}
