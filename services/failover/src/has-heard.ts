import { stepMessageId } from '@switchboard/contracts'
import type { Alert, AlertPlan, MessageState } from '@switchboard/contracts'
import type { Ledger } from '@switchboard/store'

import { isWholeUser, stepsTaken, userAt } from './steps.ts'

/** It has not left, and once the alert is over it does not leave any more. */
const unsent = new Set<MessageState | undefined>([undefined, 'released', 'suppressed', 'dropped', 'refused'])

/**
 * Whether a message about the alert may have reached somebody: one that still waited for others when it ended has not.
 * Of an alert that asked people again, out of turn, everybody is taken to have heard.
 */
export async function hasHeard(
  user: string,
  alert: Alert,
  plan: AlertPlan,
  ledger: Pick<Ledger, 'stateOf'>,
): Promise<boolean> {
  if (isWholeUser(plan) || alert.step.pass !== undefined) return true
  const theirs = stepsTaken(alert, plan).filter((step) => userAt(plan, step).name === user)
  const ids = theirs.flatMap((step) => [0, 1].map((resends) => stepMessageId(alert, step, resends)))
  const states = await Promise.all(ids.map((id) => ledger.stateOf(id)))
  return states.some((state) => !unsent.has(state))
}
