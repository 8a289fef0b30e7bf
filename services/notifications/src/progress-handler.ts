import { stateRank } from '@switchboard/contracts'
import type { Log, NotificationProgress } from '@switchboard/contracts'
import type { NotificationRecord } from '@switchboard/store'

import type { NotificationWorkflow } from './notification-workflow.ts'

export interface ProgressDeps {
  workflow: Pick<NotificationWorkflow, 'move'>
  log: Log
}

/** Handles what became of a notification's message: a failure shows on the notification. */
export function createProgressHandler({ workflow, log }: ProgressDeps) {
  return async (progress: NotificationProgress): Promise<void> => {
    const { notificationId, state } = progress
    await workflow.move(notificationId, (current) => current && recordProgress(current, progress), undefined)
    log.info({ notificationId, state }, 'notification.progress')
  }
}

/**
 * Only forward: progress may come twice and out of order. One that could not be sent in time goes to a person, who
 * knows whether "tomorrow" still is.
 */
export function recordProgress(
  record: NotificationRecord,
  { messageId: id, state, reason, at }: NotificationProgress,
): NotificationRecord {
  if (record.message && stateRank[state] <= stateRank[record.message.state]) return record
  return {
    ...record,
    message: { id, state, at, ...(reason ? { reason } : {}) },
    ...(state === 'dropped' ? { needsPerson: true } : {}),
  }
}
