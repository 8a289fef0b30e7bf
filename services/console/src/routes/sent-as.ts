import { alertBundleQueue, outboundQueues } from '@switchboard/contracts'
import type { QueueName } from '@switchboard/contracts'
import type { Ledger, LedgerRecord } from '@switchboard/store'

export interface SentMessage {
  id: string
  record: LedgerRecord
  /** Which has its job, under the same id. */
  queue: QueueName
}

/** A message as it left: one that went out together with others is the message that had them all. */
export async function sentAs(id: string, ledger: Pick<Ledger, 'get'>): Promise<SentMessage | undefined> {
  const record = await ledger.get(id)
  if (!record) return undefined
  const bundle = record.bundle === undefined ? undefined : await ledger.get(record.bundle)
  if (record.bundle !== undefined && bundle) return described(record.bundle, bundle)
  return described(id, record)
}

function described(id: string, record: LedgerRecord): SentMessage {
  const isBundle = record.about?.kind === 'bundle'
  return { id, record, queue: isBundle ? alertBundleQueue.name : outboundQueues[record.channel].name }
}
