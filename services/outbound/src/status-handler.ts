import { isChannel, messageStatus, OPTED_OUT_CODE } from '@switchboard/contracts'
import type { Log, MessageState, MessageStatus, StatusWebhook, SwitchboardConfig } from '@switchboard/contracts'
import type { Outbox } from '@switchboard/queue'
import type { Ledger, LedgerRecord } from '@switchboard/store'

import { asTemplate } from './as-template.ts'
import type { EndConsent } from './report-opt-out.ts'

export interface StatusDeps {
  ledger: Pick<Ledger, 'record' | 'findByUuid' | 'park'>
  endConsent: EndConsent
  /** Tells the workflow a message belongs to what became of it. */
  reportStatus: (messageId: string, record: LedgerRecord, status: MessageStatus) => Promise<void>
  outbox: Pick<Outbox, 'send'>
  settings: Pick<SwitchboardConfig, 'templates'>
  /** Takes what belongs to a Dispatch workflow; false when it is not one of ours. */
  workflowStatus: (webhook: StatusWebhook) => Promise<boolean>
  log: Log
  count: (channel: string, state: string) => void
  countParked?: () => void
}

/** Handles statuses: duplicates and disorder are normal, so everything here may run again. */
export function createStatusHandler(deps: StatusDeps) {
  return async (status: StatusWebhook): Promise<void> => {
    if (await deps.workflowStatus(status)) return
    if (status.kind === 'dispatch-report' || (await apply(status, deps))) return
    await deps.ledger.park(status, status.messageUuid)
    // The acceptance may have been recorded between the look and the parking; then nobody else comes for it.
    if (await apply(status, deps)) return
    deps.countParked?.()
    deps.log.info({ messageUuid: status.messageUuid, state: status.state }, 'status.parked')
  }
}

/** Applies a status taken from the parking. */
export async function applyParked(parked: unknown, deps: StatusDeps): Promise<void> {
  await apply(messageStatus.parse(parked), deps)
}

async function apply(status: MessageStatus, deps: StatusDeps): Promise<boolean> {
  const found = await recordStatus(status, deps)
  if (!found) return false
  const { messageId, record } = found
  const { channel } = record
  if (status.error?.code === OPTED_OUT_CODE && isChannel(channel)) {
    const contact = { channel, address: record.to }
    await deps.endConsent({ messageId, contact, sentAt: status.at, receivedAt: status.receivedAt })
  }
  const template = asTemplate(messageId, record, status, deps.settings.templates)
  // To whom it belongs it is not over: what becomes of the template is reported.
  await (template ? deps.outbox.send(template) : deps.reportStatus(messageId, record, status))
  deps.count(record.channel, status.state)
  deps.log.info(
    { messageId, channel: record.channel, state: status.state, code: status.error?.code },
    'status.recorded',
  )
  return true
}

async function recordStatus(
  status: MessageStatus,
  { ledger }: StatusDeps,
): Promise<{ messageId: string; record: LedgerRecord } | undefined> {
  const state: MessageState = status.state
  const { at, error, price, currency } = status
  const event = { state, at, error, reason: error?.reason, uuids: [status.messageUuid], price, currency }
  // Our own id travels as client_ref, so most statuses need no look-up.
  const known = status.clientRef === undefined ? undefined : await ledger.record(status.clientRef, event)
  if (status.clientRef !== undefined && known) return { messageId: status.clientRef, record: known }
  const messageId = await ledger.findByUuid(status.messageUuid)
  const record = messageId === undefined ? undefined : await ledger.record(messageId, event)
  return messageId !== undefined && record ? { messageId, record } : undefined
}
