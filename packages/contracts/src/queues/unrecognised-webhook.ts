import { defineQueue } from '../define-queue.ts'
import { unrecognisedWebhook } from '../unrecognised-webhook.ts'

/** Worked by nobody: kept for inspection and replay. */
export const unrecognisedWebhookQueue = defineQueue({
  name: 'unrecognised-webhook',
  schema: unrecognisedWebhook,
  jobId: (webhook) => webhook.id,
  retry: { attempts: 1, firstDelayMs: 0 },
})
