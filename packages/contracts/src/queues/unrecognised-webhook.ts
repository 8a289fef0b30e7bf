import { defineQueue } from '../define-queue.ts'
import { unrecognisedWebhook } from '../unrecognised-webhook.ts'

/** Read again by the parsers of its worker. Not understood there either, it fails at once and is kept as a failed job: to be retried after an update. */
export const unrecognisedWebhookQueue = defineQueue({
  name: 'unrecognised-webhook',
  workedBy: 'outbound',
  schema: unrecognisedWebhook,
  jobId: (webhook) => webhook.id,
  retry: { attempts: 1, firstDelayMs: 0 },
  // At most a body of ingress each: some hundred megabytes if somebody sends rubbish for two weeks.
  keepFailedCount: 10_000,
})
