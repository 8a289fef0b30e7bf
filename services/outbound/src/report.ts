import type { AlertAttention, MessageState, MessageSubject, OutboundMessage } from '@switchboard/contracts'
import type { LedgerRecord } from '@switchboard/store'

export interface ReportDeps {
  attention: { enqueue(attention: AlertAttention): Promise<void> }
  now: () => number
}

/** What the walk of an alert must hear of: not that a message was accepted, but how it ended. */
const worthReporting = new Set<MessageState>([
  'unknown',
  'suppressed',
  'dropped',
  'refused',
  'rejected',
  'undeliverable',
  'delivered',
  'read',
])

/** Tells the workflow a message belongs to what became of it. The same report twice is one. */
export function createReport({ attention, now }: ReportDeps) {
  const tell = async (messageId: string, about: MessageSubject | undefined, state: MessageState, reason?: string) => {
    if (about?.kind !== 'alert' || !worthReporting.has(state)) return
    await attention.enqueue({
      alertId: about.step.alertId,
      at: now(),
      evidenceId: `${messageId}.${state}`,
      evidence: { kind: 'outcome', step: about.step, state, ...(reason === undefined ? {} : { reason }) },
    })
  }
  return {
    report: (message: OutboundMessage, state: MessageState, reason?: string) =>
      tell(message.id, message.about, state, reason),
    reportStatus: (messageId: string, { about, state, error }: LedgerRecord) =>
      tell(messageId, about, state, error?.reason),
  }
}
