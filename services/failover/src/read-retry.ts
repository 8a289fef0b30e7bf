import { admit, stateRank, stepMessageId } from '@switchboard/contracts'
import type { Alert, AlertPlan, SwitchboardConfig } from '@switchboard/contracts'
import type { CallCeiling, Ledger, Senders } from '@switchboard/store'

import type { Retry } from './passed-over.ts'
import { channelAt, isWholeUser, userAt } from './steps.ts'
import type { Step } from './steps.ts'

export interface RetryDeps {
  senders: Pick<Senders, 'get'>
  ledger: Pick<Ledger, 'stateOf'>
  settings: Pick<SwitchboardConfig, 'senders'>
  callCeiling: Pick<CallCeiling, 'hasRoom'>
  now: () => number
}

/**
 * What has become of the steps an alert has passed over: a message may have gone out in the very moment in which its
 * step was left, and senders open, as numbers may be called again.
 */
export function createReadRetry(deps: RetryDeps) {
  return async (alert: Alert, plan: AlertPlan): Promise<Retry> => {
    const steps = await Promise.all(
      (alert.passedOver ?? []).map(async (step) => ({
        step,
        isSent: await wasSent(alert, step, deps),
        isOpen: await isOpen(alert, plan, step, deps),
      })),
    )
    return {
      open: steps.flatMap(({ step, isOpen: each }) => (each ? [step] : [])),
      sent: steps.flatMap(({ step, isSent }) => (isSent ? [step] : [])),
    }
  }
}

async function wasSent(alert: Alert, step: Step, { ledger }: RetryDeps): Promise<boolean> {
  const state = await ledger.stateOf(stepMessageId(alert, step, 0))
  return state !== undefined && stateRank[state] >= stateRank.accepted
}

/** With Dispatch one open sender of the user is enough. */
async function isOpen(
  alert: Alert,
  plan: AlertPlan,
  step: Step,
  { senders, settings, callCeiling, now }: RetryDeps,
): Promise<boolean> {
  const channels = isWholeUser(plan) ? userAt(plan, step).channels : [channelAt(plan, step)]
  const admissions = await Promise.all(
    channels.map(async ({ channel, from, to }) => {
      if (channel === 'voice' && !(await callCeiling.hasRoom(to))) return 'wait'
      const state = await senders.get({ channel, sender: from ?? settings.senders[channel] ?? channel })
      return admit(state, alert.id, now()).kind
    }),
  )
  return admissions.some((kind) => kind !== 'wait')
}
