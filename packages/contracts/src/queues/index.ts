import { callEventQueue } from './call-event.ts'
import { feedFanoutQueue } from './feed-fanout.ts'
import { feedRefreshQueue } from './feed-refresh.ts'
import { inboundMessageQueue } from './inbound-message.ts'
import { messageStatusQueue } from './message-status.ts'
import {
  outboundMessengerQueue,
  outboundSmsQueue,
  outboundViberServiceQueue,
  outboundWhatsappQueue,
} from './outbound.ts'
import { partialSmsQueue } from './partial-sms.ts'
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
  outboundSmsQueue,
  outboundWhatsappQueue,
  outboundMessengerQueue,
  outboundViberServiceQueue,
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
  'outbound-sms': 'outbound',
  'outbound-whatsapp': 'outbound',
  'outbound-messenger': 'outbound',
  'outbound-viber-service': 'outbound',
  'message-status': 'outbound',
  'call-event': 'outbound',
  'unrecognised-webhook': null,
} as const satisfies Record<QueueName, ServiceName | null>
