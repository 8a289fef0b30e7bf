import { alertAttention, alertRequest, alertStep, dispatchWebhook } from '../alert.ts'
import { defineQueue } from '../define-queue.ts'
import { derivedId } from '../ids.ts'

export const alertRequestQueue = defineQueue({
  name: 'alert-request',
  workedBy: 'failover',
  schema: alertRequest,
  jobId: (request) => request.id,
  retry: { attempts: 1_500, firstDelayMs: 250 },
  keepCompletedCount: 1_000,
})

/** Delayed: one job per step, named by alert, round, user and channel. */
export const alertStepQueue = defineQueue({
  name: 'alert-step',
  workedBy: 'failover',
  schema: alertStep,
  jobId: ({ kind, alertId, round, user, channel, pass }) =>
    derivedId(kind ?? 'due', alertId, round, user, channel, ...(pass === undefined ? [] : [pass])),
  retry: { attempts: 1_500, firstDelayMs: 250 },
  keepCompletedSeconds: 60,
  keepCompletedCount: 1_000,
})

export const alertAttentionQueue = defineQueue({
  name: 'alert-attention',
  workedBy: 'failover',
  schema: alertAttention,
  jobId: ({ alertId, evidenceId }) => derivedId('seen', alertId, evidenceId),
  retry: { attempts: 1_500, firstDelayMs: 250 },
  keepCompletedCount: 1_000,
})

/** Statuses and final reports to the callers of our Dispatch endpoint; tried for three hours. */
export const dispatchWebhookQueue = defineQueue({
  name: 'dispatch-webhook',
  workedBy: 'failover',
  schema: dispatchWebhook,
  jobId: (webhook) => webhook.id,
  retry: { attempts: 240, firstDelayMs: 5_000 },
})
