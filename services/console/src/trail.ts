import { newId } from '@switchboard/contracts'
import type { AuditEntry, Enqueue } from '@switchboard/contracts'

interface Deed {
  at: number
  who: string
  action: string
  target: string
  detail?: string
  /** Who nobody knows is `somebody`. */
  kind?: AuditEntry['kind']
}

export type Trail = ReturnType<typeof createTrail>

/** Where the console says what people do in it. Resolves once it is sure to be written. */
export function createTrail(entries: Enqueue<AuditEntry>) {
  return {
    add: ({ target, detail, ...deed }: Deed): Promise<void> =>
      entries.enqueue({
        id: newId('console'),
        kind: 'account',
        via: 'console',
        target: target.slice(0, 300),
        ...(detail === undefined ? {} : { detail: detail.slice(0, 2_000) }),
        ...deed,
      }),
  }
}
