import { alertStepQueue } from '@switchboard/contracts'
import type { Alert, AlertStep } from '@switchboard/contracts'
import type { Producer } from '@switchboard/queue'
import type { Alerts } from '@switchboard/store'

import type { Fulfil } from './fulfil.ts'

export interface ReconcileDeps {
  alerts: Pick<Alerts, 'dueBefore' | 'get' | 'plan' | 'index' | 'forget' | 'trimRecent'>
  timers: Pick<Producer<AlertStep>, 'isPending' | 'remove'>
  fulfil: Fulfil
  now: () => number
  log: { warn: (fields: object, event: string) => void; error: (fields: object, event: string) => void }
  countRescue: () => void
}

/** Looked at before they fall due, so that a missing timer costs no time at all. */
const LOOK_AHEAD_MS = 15_000
const PAGE_SIZE = 1_000
/** A walker that has just moved the record is about to make the job. */
const SETTLING_MS = 2_000

/**
 * Finds walking alerts whose next job is missing (evicted, or removed by hand) and makes it again, so that no alert can
 * stop silently. Looks at those that are overdue or soon due: the others get their turn in time.
 */
export function createReconcile(deps: ReconcileDeps) {
  const { alerts, now, log } = deps
  return async (): Promise<void> => {
    await alerts.trimRecent(now())
    for (const alertId of await alerts.dueBefore(now() + LOOK_AHEAD_MS, PAGE_SIZE)) {
      // One alert that cannot be helped must not keep the others from it.
      await check(alertId, deps).catch((error: unknown) => log.error({ alertId, error }, 'alert.not-rescued'))
    }
  }
}

async function check(alertId: string, deps: ReconcileDeps): Promise<void> {
  const { alerts, timers, fulfil, now, log, countRescue } = deps
  const seen = await alerts.get(alertId)
  if (!seen) return alerts.forget(alertId)
  // A walker that lost a race may have left an older entry in the index.
  if (seen.state !== 'walking' || seen.dueAt > now() + LOOK_AHEAD_MS) return alerts.index(seen)
  if (isSettling(seen, now())) return undefined
  const jobId = timerOf(seen)
  if (await timers.isPending(jobId)) return undefined
  // A timer that has just done its work is not missing: then the record has moved.
  const alert = await alerts.get(alertId)
  if (alert?.state !== 'walking' || timerOf(alert) !== jobId) return undefined
  // A job that failed or completed without moving the alert would keep its id from being used again.
  await timers.remove(jobId)
  await fulfil(alert, await alerts.plan(alert.planId))
  countRescue()
  log.warn({ alertId, step: alert.step, dueAt: alert.dueAt }, 'alert.rescued')
}

function timerOf({ id, step }: Alert): string {
  return alertStepQueue.jobId({ ...step, alertId: id })
}

function isSettling({ timeline }: Alert, now: number): boolean {
  return now - (timeline.at(-1)?.at ?? 0) < SETTLING_MS
}
