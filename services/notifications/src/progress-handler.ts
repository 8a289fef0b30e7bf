import { derivedId, stateRank } from '@switchboard/contracts'
import type { NotificationProgress } from '@switchboard/contracts'
import type { FollowUps, NotificationRecord, Notifications } from '@switchboard/store'

export interface ProgressDeps {
  notifications: Pick<Notifications, 'update'>
  followUps: Pick<FollowUps, 'add'>
  log: { info: (fields: object, event: string) => void }
}

/**
 * Handles what became of a notification's message: a failure shows on the notification. One that could not be sent in
 * time goes to a person, who knows whether "tomorrow" still is.
 */
export function createProgressHandler({ notifications, followUps, log }: ProgressDeps) {
  return async (progress: NotificationProgress): Promise<void> => {
    const { notificationId, state } = progress
    const record = await notifications.update(notificationId, (current) => recordProgress(current, progress))
    if (record?.message?.state === 'dropped') {
      const { id, contact } = record
      const kept = { contact, text: null, notificationId: id, createdAt: record.message.at }
      await followUps.add({ id: derivedId('unsent', id), kind: 'unsent', ...kept })
    }
    log.info({ notificationId, state }, 'notification.progress')
  }
}

/** Only forward: progress may come twice and out of order. */
export function recordProgress(
  record: NotificationRecord | undefined,
  { messageId: id, state, reason, at }: NotificationProgress,
): { next?: NotificationRecord; result: NotificationRecord | undefined } {
  if (!record) return { result: undefined }
  if (record.message && stateRank[state] <= stateRank[record.message.state]) return { result: record }
  const next = {
    ...record,
    message: { id, state, at, ...(reason ? { reason } : {}) },
    ...(state === 'dropped' ? { needsPerson: true } : {}),
  }
  return { next, result: next }
}
