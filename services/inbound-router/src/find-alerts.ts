import type { Alert, Contact } from '@switchboard/contracts'
import type { Alerts, LateReplies } from '@switchboard/store'

import type { RouteFacts } from './route-message.ts'

export interface AlertSources {
  alerts: Pick<Alerts, 'get' | 'alertsOf'>
  lateReplies: Pick<LateReplies, 'alertOf'>
  now: () => number
}

/** How long after its end an alert that nobody has seen takes replies. */
const LATE_MS = 86_400_000

/**
 * The alerts that a reply of this contact may be meant for. Asked in this order: an alert that ends waits for late replies
 * before it lets go of its contacts, so that one of the two answers names it at every moment.
 */
export async function findAlerts(
  contact: Contact,
  { alerts, lateReplies, now }: AlertSources,
): Promise<Pick<RouteFacts, 'openAlerts' | 'lateAlert'>> {
  const ids = await alerts.alertsOf(contact)
  const [found, late] = await Promise.all([
    Promise.all(ids.map((alertId) => alerts.get(alertId))),
    lateReplies.alertOf(contact).then((alertId) => (alertId === undefined ? undefined : alerts.get(alertId))),
  ])
  const known = [...found, late].filter((alert) => alert !== undefined)
  const walking = known.filter(({ state }) => state === 'walking')
  const exhausted = known.filter((alert) => alert.state === 'exhausted' && endedAt(alert) > now() - LATE_MS)
  const [newest] = exhausted.toSorted((a, b) => endedAt(b) - endedAt(a))
  return {
    openAlerts: walking.map(({ id, code }) => ({ id, code })),
    lateAlert: newest && { id: newest.id, code: newest.code },
  }
}

function endedAt({ timeline, createdAt }: Alert): number {
  return timeline.findLast(({ event }) => event === 'exhausted')?.at ?? createdAt
}
