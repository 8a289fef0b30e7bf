import { csvRow } from '@switchboard/contracts'
import type { MessageState } from '@switchboard/contracts'
import type { Mailing, NotificationRecord, Notifications } from '@switchboard/store'

const BATCH = 200

/** What a row of a file has come to, so far. */
export type Outcome = 'waiting' | 'sent' | 'suppressed' | 'failed' | 'unknown'

export interface MailingRow {
  line: number
  notificationId: string
  /** Undefined: it waits to be taken, or is gone with its person. */
  notification: NotificationRecord | undefined
  outcome: Outcome
}

const outcomes: Record<MessageState, Outcome> = {
  sending: 'waiting',
  released: 'waiting',
  accepted: 'sent',
  submitted: 'sent',
  delivered: 'sent',
  read: 'sent',
  suppressed: 'suppressed',
  refused: 'failed',
  dropped: 'failed',
  rejected: 'failed',
  undeliverable: 'failed',
  unknown: 'unknown',
}

/** Every row with what has become of it, and how many of each. */
export async function lookAtMailing(
  { rows }: Pick<Mailing, 'rows'>,
  notifications: Pick<Notifications, 'get'>,
): Promise<{ rows: MailingRow[]; counts: Record<Outcome, number> }> {
  const looked: MailingRow[] = []
  for (let at = 0; at < rows.length; at += BATCH) {
    looked.push(...(await Promise.all(rows.slice(at, at + BATCH).map((row) => lookAtRow(row, notifications)))))
  }
  const counts: Record<Outcome, number> = { waiting: 0, sent: 0, suppressed: 0, failed: 0, unknown: 0 }
  for (const { outcome } of looked) counts[outcome] += 1
  return { rows: looked, counts }
}

async function lookAtRow(row: Mailing['rows'][number], notifications: Pick<Notifications, 'get'>): Promise<MailingRow> {
  const notification = await notifications.get(row.notificationId)
  const state = notification?.message?.state
  return { ...row, notification, outcome: state === undefined ? 'waiting' : outcomes[state] }
}

const columns = ['line', 'to', 'channel', 'notification', 'outcome', 'message', 'reason', 'choice', 'id']

/** The same as rows of a CSV file. */
export async function* outcomeRows(
  mailing: Pick<Mailing, 'rows'>,
  notifications: Pick<Notifications, 'get'>,
): AsyncGenerator<string> {
  yield csvRow(columns)
  const { rows } = await lookAtMailing(mailing, notifications)
  for (const { line, notificationId, notification, outcome } of rows) {
    const { contact, name, message, choice } = notification ?? {}
    const about = [contact?.address, contact?.channel, name, outcome, message?.state, message?.reason, choice?.label]
    yield csvRow([line, ...about, notificationId])
  }
}
