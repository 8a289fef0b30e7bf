import type { Alert, AlertStep } from '@switchboard/contracts'
import type { EnqueueOptions, Producer } from '@switchboard/queue'
import type { Alerts } from '@switchboard/store'

import type { Step } from './steps.ts'

export interface StepTimersDeps {
  alerts: Pick<Alerts, 'get' | 'dueBetween'>
  jobs: Pick<Producer<AlertStep>, 'enqueue' | 'remove'>
  now: () => number
}

export interface StepTimers extends Pick<Producer<AlertStep>, 'enqueue' | 'remove'> {
  /** Sets the timers of what falls due within the next minute. To be called every second or so. */
  lookAhead(): Promise<void>
  /** Begins anew: Redis may have lost what it had. */
  again(): void
}

/** As far as it is looked ahead. */
const AHEAD_MS = 60_000
/** What is nearer when it is asked for is set at once: twice as far, so that what moves meanwhile is not missed. */
const AT_ONCE_MS = 2 * AHEAD_MS
/** At a time: steps that fall due now go before those that fall due in a minute. */
const GROUP = 20

/**
 * The timers of steps: delayed jobs, made when their time is near. An alert that waits for longer has none yet: it stands
 * in the due set, which has everything that walks by its time, and most are attended before they need one.
 */
export function createStepTimers({ alerts, jobs, now }: StepTimersDeps): StepTimers {
  /** Up to that moment all of them are set. */
  let setUntil: number | undefined

  async function enqueue(timer: AlertStep, { delayMs = 0 }: EnqueueOptions = {}): Promise<void> {
    if (delayMs <= AT_ONCE_MS) await jobs.enqueue(timer, { delayMs })
  }

  async function setDeadline(alertId: string): Promise<void> {
    const alert = await alerts.get(alertId)
    if (alert?.state !== 'walking') return
    await enqueue(timerOf({ kind: 'deadline', step: alert.step }, alert), { delayMs: alert.dueAt - now() })
  }

  return {
    enqueue,
    remove: (jobId) => jobs.remove(jobId),
    async lookAhead() {
      const from = setUntil ?? now()
      const until = now() + AHEAD_MS
      const ids = await alerts.dueBetween(from, until)
      for (let next = 0; next < ids.length; next += GROUP) {
        await Promise.all(ids.slice(next, next + GROUP).map(setDeadline))
      }
      setUntil = until
    },
    again() {
      setUntil = undefined
    },
  }
}

/** What the job of a timer says. */
export function timerOf(
  { kind, step }: { kind: 'deadline' | 'resend'; step: Step },
  { id }: Pick<Alert, 'id'>,
): AlertStep {
  return { ...step, alertId: id, ...(kind === 'resend' ? { kind } : {}) }
}
