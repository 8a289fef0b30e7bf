import { alertAttentionQueue, alertRequestQueue, alertStepQueue, dispatchWebhookQueue } from './alerts.ts'
import { callEventQueue } from './call-event.ts'
import { eraseRequestQueue } from './erase-request.ts'
import { feedFanoutQueue } from './feed-fanout.ts'
import { feedRefreshQueue } from './feed-refresh.ts'
import { heldFeedQueue } from './held-feed.ts'
import { inboundMessageQueue } from './inbound-message.ts'
import { messageStatusQueue } from './message-status.ts'
import { notificationProgressQueue, notificationReplyQueue, notificationRequestQueue } from './notifications.ts'
import {
  outboundMessengerQueue,
  outboundSmsQueue,
  outboundViberServiceQueue,
  outboundVoiceQueue,
  outboundWhatsappQueue,
} from './outbound.ts'
import { partialSmsQueue } from './partial-sms.ts'
import { signupRequestQueue } from './signup-request.ts'
import { subscriptionRequestQueue } from './subscription-request.ts'
import { unrecognisedWebhookQueue } from './unrecognised-webhook.ts'

export type ServiceName =
  | 'ingress'
  | 'inbound-router'
  | 'subscriptions'
  | 'feeds'
  | 'notifications'
  | 'failover'
  | 'outbound'
  | 'echo'
  | 'console'
  | 'simulator'

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
  dispatchWebhookQueue,
  outboundSmsQueue,
  outboundWhatsappQueue,
  outboundMessengerQueue,
  outboundViberServiceQueue,
  outboundVoiceQueue,
  messageStatusQueue,
  callEventQueue,
  unrecognisedWebhookQueue,
] as const

export type QueueName = (typeof queues)[number]['name']

/** Which service works a queue. A queue without an owner does not compile. */
export const consumers = {
  'inbound-message': 'inbound-router',
  'partial-sms': 'inbound-router',
  'subscription-request': 'subscriptions',
  'feed-refresh': 'feeds',
  'feed-fanout': 'feeds',
  'held-feed': 'feeds',
  'notification-request': 'notifications',
  'notification-reply': 'notifications',
  'notification-progress': 'notifications',
  'signup-request': 'subscriptions',
  'erase-request': 'inbound-router',
  'alert-request': 'failover',
  'alert-step': 'failover',
  'alert-attention': 'failover',
  'dispatch-webhook': 'failover',
  'outbound-sms': 'outbound',
  'outbound-whatsapp': 'outbound',
  'outbound-messenger': 'outbound',
  'outbound-viber-service': 'outbound',
  'outbound-voice': 'outbound',
  'message-status': 'outbound',
  'call-event': 'outbound',
  'unrecognised-webhook': 'outbound',
} as const satisfies Record<QueueName, ServiceName>
