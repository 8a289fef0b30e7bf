import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'
import { statusWebhook } from '../message-state.ts'

export const messageStatusQueue = defineQueue({
  name: 'message-status',
  workedBy: 'outbound',
  schema: statusWebhook,
  jobId: (status) => {
    const again = status.wasParked ? ['parked'] : []
    return status.kind === 'message'
      ? derivedId('st', status.messageUuid, status.state, status.error?.code ?? '', ...again)
      : derivedId('report', status.dispatchUuid, ...again)
  },
  retry: { attempts: 20, firstDelayMs: 500 },
  keepCompletedSeconds: 3_600,
  keepCompletedCount: 1_000,
})
