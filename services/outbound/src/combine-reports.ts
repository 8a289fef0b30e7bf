import type { MessageState, MessageStatus, OutboundMessage } from '@switchboard/contracts'
import type { LedgerRecord } from '@switchboard/store'

/** Who is told what became of a message: after the send, and at each status. */
export interface Report {
  report: (message: OutboundMessage, state: MessageState, reason?: string) => Promise<void>
  reportStatus: (messageId: string, record: LedgerRecord, status: MessageStatus) => Promise<void>
}

/** Tells one after the other. If one fails, the job runs again and all are told again: a report twice is one. */
export function combineReports(...reports: Report[]): Report {
  return {
    async report(message, state, reason) {
      for (const each of reports) await each.report(message, state, reason)
    },
    async reportStatus(messageId, record, status) {
      for (const each of reports) await each.reportStatus(messageId, record, status)
    },
  }
}
