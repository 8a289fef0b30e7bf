import { defineQueue } from '../define-queue.ts'
import { subscriptionRequest } from '../subscription.ts'

export const subscriptionRequestQueue = defineQueue({
  name: 'subscription-request',
  workedBy: 'subscriptions',
  schema: subscriptionRequest,
  jobId: (request) => request.id,
  retry: { attempts: 20, firstDelayMs: 1_000 },
})
