import { alertStepQueue } from '@switchboard/contracts'
import type { Alert, AlertStep } from '@switchboard/contracts'
import type { Producer } from '@switchboard/queue'
import type { Alerts } from '@switchboard/store'

import type { Fulfil } from './fulfil.ts'

export interface ReconcileDeps {
  alerts: Pick<Alerts, 'dueBefore' | 'get' | 'plan' | 'index' | 'trimRecent'>
  timers: Pick<Producer<AlertStep>, 'isPending' | 'remove'>
  fulfil: Fulfil
  now: () => number
  log: { warn: (fields: object, event: string) => void }
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
export function createReconcile({ alerts, timers, fulfil, now, log, countRescue }: ReconcileDeps) {
  return async (): Promise<void> => {
    await alerts.trimRecent(now())
    for (const alertId of await alerts.dueBefore(now() + LOOK_AHEAD_MS, PAGE_SIZE)) {
      const alert = await alerts.get(alertId)
      if (!alert) continue
      if (alert.state !== 'walking') {
        await alerts.index(alert)
        continue
      }
      if (isSettling(alert, now())) continue
      const jobId = alertStepQueue.jobId({ kind: 'deadline', step: { alertId, ...alert.step } })
      if (await timers.isPending(jobId)) continue
      // A job that failed or completed without moving the alert would keep its id from being used again.
      await timers.remove(jobId)
      await fulfil(alert, await alerts.plan(alert.planId))
      countRescue()
      log.warn({ alertId, step: alert.step, dueAt: alert.dueAt }, 'alert.rescued')
    }
  }
}

function isSettling({ timeline, dueAt }: Alert, now: number): boolean {
  return dueAt > now + LOOK_AHEAD_MS || now - (timeline.at(-1)?.at ?? 0) < SETTLING_MS
}
