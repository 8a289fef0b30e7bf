import { stepMessageId } from '@switchboard/contracts'
import type { Alert, AlertPlan, QueueName } from '@switchboard/contracts'
import type { Jobs } from '@switchboard/queue'
import type { Calls, Ledger } from '@switchboard/store'

import { findCall } from '../find-call.ts'
import { pictureWalk } from './alert-walk.ts'
import { sentAs } from './sent-as.ts'

export interface StepLinks {
  messageId: string
  /** Of a phone call that is on record. */
  callUuid: string | undefined
  /** While it is kept. */
  job: { queue: QueueName; id: string } | undefined
}

interface StepSources {
  stores: { ledger: Pick<Ledger, 'get'>; calls: Pick<Calls, 'get'> }
  jobs: Pick<Jobs, 'has'>
}

/** What each step that was contacted leads to, under `round.user.channel`, each counted from 0: the newest message, where it was sent again. */
export async function findStepLinks(
  alert: Alert,
  plan: AlertPlan,
  { stores, jobs }: StepSources,
): Promise<Map<string, StepLinks>> {
  const steps = pictureWalk(alert, plan).flatMap(({ rows }, round) =>
    rows.flatMap(({ cells }, user) =>
      cells.flatMap((cell, channel) =>
        cell.contactedAt === undefined ? [] : [{ step: { round, user, channel }, on: cell.channel }],
      ),
    ),
  )
  const found = await Promise.all(
    steps.map(async ({ step, on }) => {
      const candidates = passesOf(alert).flatMap((pass) =>
        [1, 0].map((n) => stepMessageId(alert, { ...step, pass }, n)),
      )
      const all = await Promise.all(candidates.map((candidate) => sentAs(candidate, stores.ledger)))
      const sent = all.find((each) => each !== undefined)
      if (!sent) return []
      const { id, record, queue } = sent
      const links = {
        messageId: id,
        callUuid: on === 'voice' ? await findCall(record.uuids, stores.calls) : undefined,
        job: (await jobs.has(queue, id)) ? { queue, id } : undefined,
      }
      return [[`${step.round}.${step.user}.${step.channel}`, links] as const]
    }),
  )
  return new Map(found.flat())
}

/** What could not be asked is asked again in passes of its own; the newest first. */
function passesOf({ step: { pass = 0 } }: Alert): (number | undefined)[] {
  return [...Array.from({ length: pass }, (_, index) => pass - index), undefined]
}
