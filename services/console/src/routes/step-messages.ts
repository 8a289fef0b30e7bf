import { stepMessageId } from '@switchboard/contracts'
import type { Alert, AlertPlan } from '@switchboard/contracts'
import type { Ledger } from '@switchboard/store'

import { pictureWalk } from './alert-walk.ts'

/** The message of each step that was contacted, under `round.user.channel`, each counted from 0: the newest, where it was sent again. */
export async function findStepMessages(
  alert: Alert,
  plan: AlertPlan,
  ledger: Pick<Ledger, 'get'>,
): Promise<Map<string, string>> {
  const steps = pictureWalk(alert, plan).flatMap(({ rows }, round) =>
    rows.flatMap(({ cells }, user) =>
      cells.flatMap(({ contactedAt }, channel) => (contactedAt === undefined ? [] : [{ round, user, channel }])),
    ),
  )
  const found = await Promise.all(
    steps.map(async (step) => {
      const candidates = passesOf(alert).flatMap((pass) =>
        [1, 0].map((n) => stepMessageId(alert, { ...step, pass }, n)),
      )
      const records = await Promise.all(candidates.map((id) => ledger.get(id)))
      const id = candidates.find((_, index) => records[index] !== undefined)
      return [`${step.round}.${step.user}.${step.channel}`, id] as const
    }),
  )
  return new Map(found.flatMap(([step, id]) => (id === undefined ? [] : [[step, id]])))
}

/** What could not be asked is asked again in passes of its own; the newest first. */
function passesOf({ step: { pass = 0 } }: Alert): (number | undefined)[] {
  return [...Array.from({ length: pass }, (_, index) => pass - index), undefined]
}
