import { channels, derivedId, fillText, isPhoneChannel, personId } from '@switchboard/contracts'
import type {
  AlertAttention,
  AuditEntry,
  Contact,
  DispatchWebhook,
  Enqueue,
  InboundMessage,
  NotificationReply,
  OutboundMessage,
  SignupRequest,
  SubscriptionRequest,
  SwitchboardConfig,
} from '@switchboard/contracts'
import { consentByText } from '@switchboard/store'
import type { ConsentStore, FollowUps } from '@switchboard/store'
import { dispatchInboundBody } from '@switchboard/vonage'

import type { Route } from './route-message.ts'

/** Of a reply to an alert. */
const LONGEST_WORDS = 1_000

export interface ActDeps {
  consent: Pick<ConsentStore, 'record'>
  subscriptionRequests: Enqueue<SubscriptionRequest>
  attention: Enqueue<AlertAttention>
  callerWebhooks: Enqueue<DispatchWebhook>
  notificationReplies: Enqueue<NotificationReply>
  signupRequests: Enqueue<SignupRequest>
  followUps: Pick<FollowUps, 'add'>
  trail: Enqueue<AuditEntry>
  send: (message: OutboundMessage) => Promise<void>
  settings: Pick<SwitchboardConfig, 'feeds' | 'texts'>
  now: () => number
}

/** Does what a route asks for: hands the message to its workflow, or answers. */
export async function actOnRoute(route: Route, message: InboundMessage, deps: ActDeps): Promise<void> {
  const { texts, feeds } = deps.settings
  const topics = Object.keys(feeds)
  switch (route.kind) {
    case 'opt-out':
      return optOut(message, deps)
    case 'opt-in':
      if (!(await recordConsent(message, 'in', deps))) return undefined
      await trace(message, { action: 'consent.in', target: message.id }, deps)
      return reply(message, fillTopics(texts.optedIn, topics), deps)
    case 'help':
      // Somebody who opted out may still ask for help by its keyword.
      return reply(message, fillTopics(texts.help, topics), deps, { ignoresConsent: route.isKeyword })
    case 'attention':
      return payAttention(route.alertIds, message, deps)
    case 'notification-reply':
      return deps.notificationReplies.enqueue({
        id: message.id,
        notificationId: route.notificationId,
        ...(route.isOneOfSeveral ? { isOneOfSeveral: true } : {}),
        text: message.text ?? message.caption ?? null,
        ...(message.payload === undefined ? {} : { payload: message.payload }),
        sentAt: message.sentAt,
        receivedAt: message.receivedAt,
      })
    case 'signup-answer':
      await trace(message, { action: `signup.${route.answer}`, target: route.signupId }, deps)
      return deps.signupRequests.enqueue({
        kind: 'answer',
        signupId: route.signupId,
        answer: route.answer,
        via: 'text',
        words: message.text?.slice(0, 100),
        at: message.receivedAt,
        sentAt: message.sentAt,
      })
    case 'opt-out-wish':
      await markForPerson(message, deps)
      return reply(message, texts.howToStop, deps)
    case 'subscribe':
      return deps.subscriptionRequests.enqueue({
        id: derivedId('sub', message.id),
        contact: { channel: message.channel, address: message.from },
        action: { kind: 'subscribe', topic: route.topic },
        source: 'text',
        sentAt: message.sentAt,
        receivedAt: message.receivedAt,
      })
    case 'caller-reply':
      return passOn(route.url, message, deps)
    case 'silence':
      return undefined
  }
}

function markForPerson({ id, channel, from, text, receivedAt }: InboundMessage, { followUps }: ActDeps): Promise<void> {
  return followUps.add({
    id: derivedId('follow', id),
    kind: 'opt-out-wish',
    contact: { channel, address: from },
    text: text?.slice(0, 500) ?? null,
    createdAt: receivedAt,
  })
}

/** A caller of our Dispatch endpoint gets what Vonage's would have sent. Without an address it goes nowhere. */
async function passOn(url: string | undefined, message: InboundMessage, { callerWebhooks }: ActDeps): Promise<void> {
  if (url === undefined) return
  await callerWebhooks.enqueue({ id: derivedId('in', message.id), url, body: { ...dispatchInboundBody(message) } })
}

async function payAttention(alertIds: string[], message: InboundMessage, { attention, now }: ActDeps): Promise<void> {
  for (const alertId of alertIds) {
    await attention.enqueue({
      alertId,
      at: now(),
      evidenceId: message.id,
      evidence: replyOf(message),
    })
  }
}

/** What they said, in their words; what it means for an alert is the alert's to say. */
function replyOf({ channel, from, kind, text, caption, emoji, payload }: InboundMessage): AlertAttention['evidence'] {
  const words = text ?? caption ?? emoji
  return {
    kind: 'reply',
    contact: { channel, address: from },
    type: kind,
    ...(words === undefined ? {} : { words: words.slice(0, LONGEST_WORDS) }),
    ...(payload === undefined ? {} : { payload: payload.slice(0, 200) }),
  }
}

async function optOut(message: InboundMessage, deps: ActDeps): Promise<void> {
  const isChange = await recordConsent(message, 'out', deps)
  for (const contact of contactsOfPerson({ channel: message.channel, address: message.from })) {
    await deps.subscriptionRequests.enqueue({
      id: derivedId('end', contact.channel, message.id),
      contact,
      action: { kind: 'unsubscribe' },
      source: 'text',
      sentAt: message.sentAt,
      receivedAt: message.receivedAt,
    })
  }
  // Exactly one confirmation: a second STOP changes nothing and is not answered.
  if (!isChange) return
  await trace(message, { action: 'consent.out', target: message.id }, deps)
  await reply(message, deps.settings.texts.optedOut, deps, { ignoresConsent: true, ignoresReplyLimit: true })
}

/** Without their address: the trail outlives it. What they wrote is kept under the target, or names it. */
function trace(
  { id, receivedAt }: InboundMessage,
  deed: Pick<AuditEntry, 'action' | 'target'>,
  { trail }: ActDeps,
): Promise<void> {
  const somebody = { kind: 'somebody', who: 'somebody', via: 'message' } as const
  return trail.enqueue({ ...deed, ...somebody, id: derivedId('act', id), at: receivedAt })
}

/** The same number is one person on every phone channel. */
function contactsOfPerson(contact: Contact): Contact[] {
  if (!isPhoneChannel(contact.channel)) return [contact]
  return channels.filter(isPhoneChannel).map((channel) => ({ channel, address: contact.address }))
}

function recordConsent(message: InboundMessage, state: 'in' | 'out', { consent }: ActDeps): Promise<boolean> {
  return consent.record(personId({ channel: message.channel, address: message.from }), consentByText(message, state))
}

async function reply(
  message: InboundMessage,
  text: string,
  { send, now }: ActDeps,
  exceptions: Pick<OutboundMessage, 'ignoresConsent' | 'ignoresReplyLimit'> = {},
): Promise<void> {
  await send({
    id: derivedId('re', message.id),
    channel: message.channel,
    to: message.from,
    text,
    purpose: 'reply',
    answersSince: message.receivedAt,
    createdAt: now(),
    ...exceptions,
  })
}

function fillTopics(text: string, topics: string[]): string {
  return fillText(text, { topics: topics.join(' or ') })
}
