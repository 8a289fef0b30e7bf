import type { ActAnswer } from '@switchboard/contracts'
import { readSoon } from '@switchboard/queue'
import type { Alerts } from '@switchboard/store'

/** What came of something that somebody did with an alert; undefined when nobody has looked at it within a second. */
export function outcomeOf(
  alertId: string,
  evidenceId: string,
  { alerts }: { alerts: Pick<Alerts, 'get'> },
): Promise<ActAnswer | undefined> {
  return readSoon(
    async () => (await alerts.get(alertId))?.acts?.find(({ id }) => id === evidenceId)?.answer,
    async () => true,
  )
}
