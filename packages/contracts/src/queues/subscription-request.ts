import { defineQueue } from '../define-queue.ts'
import { subscriptionRequest } from '../subscription.ts'

export const subscriptionRequestQueue = defineQueue({
  name: 'subscription-request',
  schema: subscriptionRequest,
  jobId: (request) => request.id,
  retry: { attempts: 10, firstDelayMs: 1_000 },
})
