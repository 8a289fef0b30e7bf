import { cutEntry, newId } from '@switchboard/contracts'
import type { AuditEntry, Enqueue } from '@switchboard/contracts'

import type { Session } from './auth/sessions.ts'

interface Deed {
  at: number
  who: string
  action: string
  target: string
  detail?: string
  /** `somebody` has no account: nobody knows who that is. */
  kind: AuditEntry['kind']
}

export type Trail = ReturnType<typeof createTrail>

/** Where the console, or its command on the machine, says what people do. Resolves once it is sure to be written. */
export function createTrail(entries: Enqueue<AuditEntry>, via: AuditEntry['via'] = 'console') {
  return {
    add: (deed: Deed): Promise<void> => entries.enqueue(cutEntry({ id: newId('console'), via, ...deed })),
  }
}

/** Who does something in a session. */
export function actorOf({ name, identity }: Pick<Session, 'name' | 'identity'>): Pick<Deed, 'who' | 'kind'> {
  return { who: name, kind: identity.kind === 'account' ? 'account' : 'somebody' }
}
