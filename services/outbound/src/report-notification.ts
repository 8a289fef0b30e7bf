import type { Enqueue, MessageState, MessageSubject, NotificationProgress } from '@switchboard/contracts'

import type { Report } from './combine-reports.ts'

export interface NotificationReportDeps {
  progress: Enqueue<NotificationProgress>
  now: () => number
}

/** Tells a notification what became of its message. */
export function createNotificationReport({ progress, now }: NotificationReportDeps): Report {
  const tell = async (messageId: string, about: MessageSubject | undefined, state: MessageState, reason?: string) => {
    if (about?.kind !== 'notification') return
    const { notificationId } = about
    await progress.enqueue({ notificationId, messageId, state, at: now(), ...(reason ? { reason } : {}) })
  }
  return {
    report: ({ id, about }, state, reason) => tell(id, about, state, reason),
    reportStatus: (messageId, { about, state, error }) => tell(messageId, about, state, error?.reason),
  }
}
