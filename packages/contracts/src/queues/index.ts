import { alertAttentionQueue, alertRequestQueue, alertStepQueue, dispatchWebhookQueue } from './alerts.ts'
import { auditEntryQueue } from './audit-entry.ts'
import { alertBundleQueue, bundleDueQueue } from './bundles.ts'
import { callEventQueue } from './call-event.ts'
import { eraseRequestQueue } from './erase-request.ts'
import { feedFanoutQueue } from './feed-fanout.ts'
import { feedRefreshQueue } from './feed-refresh.ts'
import { heldFeedQueue } from './held-feed.ts'
import { inboundMessageQueue } from './inbound-message.ts'
import { messageStatusQueue } from './message-status.ts'
import { notificationProgressQueue, notificationReplyQueue, notificationRequestQueue } from './notifications.ts'
import { outboundQueues } from './outbound.ts'
import { packQueues } from './packs.ts'
import { partialSmsQueue } from './partial-sms.ts'
import { signupRequestQueue } from './signup-request.ts'
import { subscriptionRequestQueue } from './subscription-request.ts'
import { unrecognisedWebhookQueue } from './unrecognised-webhook.ts'

/** Every queue. */
export const queues = [
  inboundMessageQueue,
  partialSmsQueue,
  subscriptionRequestQueue,
  feedRefreshQueue,
  feedFanoutQueue,
  heldFeedQueue,
  notificationRequestQueue,
  notificationReplyQueue,
  notificationProgressQueue,
  signupRequestQueue,
  eraseRequestQueue,
  alertRequestQueue,
  alertStepQueue,
  alertAttentionQueue,
  bundleDueQueue,
  alertBundleQueue,
  dispatchWebhookQueue,
  ...Object.values(outboundQueues),
  ...Object.values(packQueues),
  messageStatusQueue,
  callEventQueue,
  unrecognisedWebhookQueue,
  auditEntryQueue,
] as const

export type QueueName = (typeof queues)[number]['name']
