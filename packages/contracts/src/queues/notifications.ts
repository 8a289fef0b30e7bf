import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'
import { notificationProgress, notificationReply, notificationRequest } from '../notification.ts'

const retry = { attempts: 20, firstDelayMs: 1_000 }

export const notificationRequestQueue = defineQueue({
  name: 'notification-request',
  workedBy: 'notifications',
  schema: notificationRequest,
  jobId: (request) => request.id,
  retry,
})

export const notificationReplyQueue = defineQueue({
  name: 'notification-reply',
  workedBy: 'notifications',
  schema: notificationReply,
  jobId: (reply) => derivedId('reply', reply.id),
  retry,
})

export const notificationProgressQueue = defineQueue({
  name: 'notification-progress',
  workedBy: 'notifications',
  schema: notificationProgress,
  jobId: (progress) => derivedId('progress', progress.messageId, progress.state),
  retry,
})
