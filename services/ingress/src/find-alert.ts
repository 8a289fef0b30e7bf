import type { Alert } from '@switchboard/contracts'
import type { Alerts } from '@switchboard/store'
import { z } from 'zod'

import { Problem } from './problem.ts'

export const alertParams = z.object({
  id: z.string().max(40).describe('Its id; or its code, such as `A7`: then the newest alert that has it'),
})

/** By its id, or by the code that people see and type. */
export function findAlert(idOrCode: string, alerts: Pick<Alerts, 'get' | 'withCode'>): Promise<Alert | undefined> {
  return /^A\d{1,4}$/i.test(idOrCode) ? alerts.withCode(idOrCode.toUpperCase()) : alerts.get(idOrCode)
}

/** The id of an alert that there is or will be. Throws a Problem (404). */
export async function requireAlert(
  idOrCode: string,
  {
    alerts,
    alertRequests,
  }: { alerts: Pick<Alerts, 'get' | 'withCode'>; alertRequests: { isPending(id: string): Promise<boolean> } },
): Promise<string> {
  const found = await findAlert(idOrCode, alerts)
  if (found) return found.id
  if (await alertRequests.isPending(idOrCode)) return idOrCode
  // It may have begun between the two questions.
  if (await alerts.get(idOrCode)) return idOrCode
  throw unknownAlert(idOrCode)
}

export function unknownAlert(idOrCode: string): Problem {
  return new Problem(404, 'Unknown alert', `There is no alert ${idOrCode}.`)
}
