import { cutEntry, derivedId, traceOfAct } from '@switchboard/contracts'
import type { Alert, AlertAct, AlertPlan, AuditEntry } from '@switchboard/contracts'

interface Deed {
  alert: Pick<Alert, 'id'>
  plan: AlertPlan
  /** Who does it, by place in the plan's list. */
  user: number
  act: AlertAct['kind']
  via: 'link' | 'call'
  /** What names the act. */
  evidenceId: string
  at: number
}

/** What the audit trail says of somebody who did something with an alert by their link or in their call. */
export function actEntry({ alert, plan, user, act, via, evidenceId, at }: Deed): AuditEntry {
  return cutEntry({
    id: derivedId('act', alert.id, evidenceId),
    at,
    kind: 'person',
    who: plan.users[user]?.name ?? '',
    via,
    action: traceOfAct(act),
    target: alert.id,
  })
}
