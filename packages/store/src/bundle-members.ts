import { alertIdOf } from '@switchboard/contracts'
import type { BundleMember, MessageState, OutboundMessage } from '@switchboard/contracts'

import { newRecord } from './ledger-record.ts'
import type { LedgerRecord } from './ledger-record.ts'
import type { Change, Records } from './records.ts'

/** Messages of the ledger that leave together as one. */
export function createBundleMembers(
  records: Pick<Records<LedgerRecord>, 'get' | 'updateFrom'>,
  index: (message: OutboundMessage, now: number) => Promise<unknown>,
) {
  return {
    /**
     * Makes a message part of a bundle, for good: nobody sends it alone any more. Resolves to false when it was sent, or
     * is part of another one.
     */
    async reserve(message: OutboundMessage, bundleId: string, now: number): Promise<boolean> {
      const [, isReserved] = await Promise.all([
        index(message, now),
        records.updateFrom(undefined, message.id, (current) => reserveMessage(current, message, bundleId)),
      ])
      return isReserved
    },
    /** The state of a message; of one that left in a bundle, the bundle's. */
    async stateOf(messageId: string): Promise<MessageState | undefined> {
      const record = await records.get(messageId)
      if (record?.bundle === undefined) return record?.state
      const bundle = await records.get(record.bundle)
      const isMember = membersOf(bundle).some(({ id }) => id === messageId)
      return isMember ? bundle?.state : undefined
    },
  }
}

/** The alerts that a message is about. */
export function alertsIn(record: LedgerRecord | undefined): string[] {
  if (record?.about?.kind === 'alert') return [record.about.step.alertId]
  return membersOf(record).map(alertIdOf)
}

/** What went out as one message. */
function membersOf(record: LedgerRecord | undefined): BundleMember[] {
  return record?.about?.kind === 'bundle' ? record.about.members : []
}

function reserveMessage(
  current: LedgerRecord | undefined,
  message: OutboundMessage,
  bundle: string,
): Change<LedgerRecord, boolean> {
  if (current?.bundle !== undefined) return { result: current.bundle === bundle }
  if (current && current.state !== 'released') return { result: false }
  return { next: { ...(current ?? newRecord(message)), state: 'sending', bundle }, result: true }
}
