import { alertIdOf } from '@switchboard/contracts'
import type { Alert, Contact, MessageSubject } from '@switchboard/contracts'
import type { Alerts, CallerWorkflows, LateReplies } from '@switchboard/store'

import type { RouteFacts } from './route-message.ts'

export interface AlertSources {
  alerts: Pick<Alerts, 'get' | 'alertsOf'>
  lateReplies: Pick<LateReplies, 'alertOf' | 'endedAlertOf'>
  callerWorkflows: Pick<CallerWorkflows, 'newestOf'>
  now: () => number
}

/** How long after its end an alert hears replies. */
const LATE_MS = 86_400_000

/**
 * The alerts that a reply of this contact may be meant for. Asked in this order: an alert that ends waits for late replies
 * before it lets go of its contacts, so that one of the two answers names it at every moment.
 */
export async function findAlerts(
  contact: Contact,
  quoted: MessageSubject | undefined,
  { alerts, lateReplies, callerWorkflows, now }: AlertSources,
): Promise<Pick<RouteFacts, 'openAlerts' | 'lateAlert' | 'endedAlert' | 'quotedAlerts' | 'callerWorkflow'>> {
  const ids = await alerts.alertsOf(contact)
  const get = async (id: string | undefined) => (id === undefined ? undefined : alerts.get(id))
  const [found, late, ended, inQuoted, ofCaller] = await Promise.all([
    Promise.all(ids.map(get)),
    lateReplies.alertOf(contact).then(get),
    lateReplies.endedAlertOf(contact).then(get),
    Promise.all(alertsIn(quoted).map(get)),
    callerWorkflows.newestOf(contact).then(get),
  ])
  const known = uniqueById([...found, late, ended].filter((alert) => alert !== undefined))
  const walking = known.filter(({ state }) => state === 'walking')
  const exhausted = known.filter((alert) => isLate(alert, now()))
  const [newest] = exhausted.toSorted((a, b) => endedAt(b) - endedAt(a))
  const quotedAlerts = inQuoted.filter((alert) => alert !== undefined)
  return {
    openAlerts: walking.map(({ id, code }) => ({ id, code })),
    lateAlert: newest && { id: newest.id, code: newest.code },
    endedAlert:
      ended && ended.state !== 'walking' && ended.state !== 'exhausted'
        ? { id: ended.id, code: ended.code }
        : undefined,
    quotedAlerts: quotedAlerts.filter(({ dispatch }) => !dispatch).map(({ id, code }) => ({ id, code })),
    callerWorkflow: workflowOf(quotedAlerts.find(({ dispatch }) => dispatch) ?? ofCaller),
  }
}

/** One that walks again may be known in two ways. */
function uniqueById(alerts: Alert[]): Alert[] {
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()]
}

function alertsIn(quoted: MessageSubject | undefined): string[] {
  if (quoted?.kind === 'alert') return [quoted.step.alertId]
  return quoted?.kind === 'bundle' ? quoted.members.map(alertIdOf) : []
}

function isLate(alert: Alert, now: number): boolean {
  return alert.state === 'exhausted' && endedAt(alert) > now - LATE_MS
}

function workflowOf(alert: Alert | undefined): RouteFacts['callerWorkflow'] {
  return alert?.dispatch && { inboundUrl: alert.dispatch.inboundUrl }
}

function endedAt({ timeline, createdAt }: Alert): number {
  return timeline.findLast(({ event }) => event === 'exhausted')?.at ?? createdAt
}
