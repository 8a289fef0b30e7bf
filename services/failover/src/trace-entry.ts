import { cutEntry } from '@switchboard/contracts'
import type { Alert, AlertPlan, AuditEntry } from '@switchboard/contracts'

import type { AlertObligation } from './obligations.ts'

type Owed = Extract<AlertObligation, { kind: 'trace' }>

/** What the audit trail says of somebody who did something by a message. */
export function traceEntry({ id, act, contact, does }: Owed, alert: Pick<Alert, 'id'>, plan: AlertPlan): AuditEntry {
  const { at, answer } = act
  const person = plan.users.find(({ channels }) =>
    channels.some(({ channel, to }) => channel === contact.channel && to === contact.address),
  )
  const who = person
    ? ({ kind: 'person', who: person.name } as const)
    : ({ kind: 'somebody', who: 'somebody' } as const)
  return cutEntry({ ...who, id, at, via: 'message', action: does, target: alert.id, detail: answer })
}
