import { stateRank } from '@switchboard/contracts'
import type { NotificationProgress } from '@switchboard/contracts'
import type { NotificationRecord, Notifications } from '@switchboard/store'

export interface ProgressDeps {
  notifications: Pick<Notifications, 'update'>
  log: { info: (fields: object, event: string) => void }
}

/** Handles what became of a notification's message: a failure shows on the notification. */
export function createProgressHandler({ notifications, log }: ProgressDeps) {
  return async (progress: NotificationProgress): Promise<void> => {
    const { notificationId, state } = progress
    await notifications.update<undefined>(notificationId, (record) => recordProgress(record, progress))
    log.info({ notificationId, state }, 'notification.progress')
  }
}

/** Only forward: progress may come twice and out of order. */
export function recordProgress(
  record: NotificationRecord | undefined,
  { messageId: id, state, reason, at }: NotificationProgress,
): { next?: NotificationRecord; result: undefined } {
  if (!record) return { result: undefined }
  if (record.message && stateRank[state] <= stateRank[record.message.state]) return { result: undefined }
  return { next: { ...record, message: { id, state, at, ...(reason ? { reason } : {}) } }, result: undefined }
}
