import type {
  AlertAttention,
  Enqueue,
  MessageState,
  MessageStatus,
  MessageSubject,
  OutboundMessage,
} from '@switchboard/contracts'
import type { LedgerRecord } from '@switchboard/store'

export interface AlertReportDeps {
  attention: Enqueue<AlertAttention>
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

type Outcome = Extract<AlertAttention['evidence'], { kind: 'outcome' }>

/** Tells the workflow a message belongs to what became of it. The same report twice is one. */
export function createAlertReport({ attention, now }: AlertReportDeps) {
  const tell = async (
    messageId: string,
    about: MessageSubject | undefined,
    outcome: Omit<Outcome, 'kind' | 'step' | 'messageId'>,
  ) => {
    if (about?.kind !== 'alert') return
    const isPassedOn = about.isReported === true && outcome.status !== undefined
    if (!isPassedOn && !worthReporting.has(outcome.state)) return
    const { status, ...rest } = outcome
    await attention.enqueue({
      alertId: about.step.alertId,
      at: now(),
      evidenceId: `${messageId}.${outcome.state}${isPassedOn ? `.${status?.state}` : ''}`,
      evidence: { kind: 'outcome', step: about.step, messageId, ...rest, ...(isPassedOn ? { status } : {}) },
    })
  }
  /** What becomes of a bundle becomes of each message in it. */
  const tellAll = async (
    messageId: string,
    about: MessageSubject | undefined,
    outcome: Omit<Outcome, 'kind' | 'step' | 'messageId'>,
  ) => {
    const members = about?.kind === 'bundle' ? about.members : [{ id: messageId, about }]
    await Promise.all(members.map((member) => tell(member.id, member.about, outcome)))
  }
  return {
    report: (message: OutboundMessage, state: MessageState, reason?: string) =>
      tellAll(message.id, message.about, { state, reason }),
    reportStatus: (messageId: string, { about, state, error }: LedgerRecord, status: MessageStatus) =>
      tellAll(messageId, about, { state, reason: error?.reason, status }),
  }
}
