import {
  alertAttentionQueue,
  alertRequestQueue,
  eraseRequestQueue,
  notificationReplyQueue,
  notificationRequestQueue,
  subscriptionRequestQueue,
} from '@switchboard/contracts'
import { createProducer } from '@switchboard/queue'
import type { RedisConnection } from '@switchboard/runtime'

/** What pages ask other services to do. */
export function openProducers(stack: AsyncDisposableStack, redis: RedisConnection) {
  return {
    notificationReplies: stack.use(createProducer(notificationReplyQueue, redis)),
    subscriptionRequests: stack.use(createProducer(subscriptionRequestQueue, redis)),
    alertRequests: stack.use(createProducer(alertRequestQueue, redis)),
    attention: stack.use(createProducer(alertAttentionQueue, redis)),
    notificationRequests: stack.use(createProducer(notificationRequestQueue, redis)),
    erasures: stack.use(createProducer(eraseRequestQueue, redis)),
  }
}
