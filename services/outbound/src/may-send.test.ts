import type { MessageTemplate, OutboundMessage } from '@switchboard/contracts'
import { expect, it } from 'vitest'

import { maySend } from './may-send.ts'
import type { SendDecision, SendFacts } from './may-send.ts'

const template: MessageTemplate = { name: 'switchboard:alert', locale: 'en_GB', parameters: ['{text}'] }
const own: MessageTemplate = { name: 'switchboard:delivery', locale: 'en_GB', parameters: [] }

const facts: SendFacts = {
  now: 1_000,
  isOptedOut: false,
  isSubscribed: true,
  newestTick: 500,
  isAlertOpen: true,
  hasSender: true,
  isWindowOpen: true,
  template: undefined,
}

const sms: OutboundMessage = { id: 'm', channel: 'sms', to: '447700900010', text: 'a', purpose: 'reply', createdAt: 0 }
const feed: OutboundMessage = {
  ...sms,
  purpose: 'feed',
  expiresAt: 10_000,
  about: { kind: 'feed', topic: 'MSFT', tick: 500 },
}
const step = { alertId: 'a', round: 0, user: 0, channel: 0 }
const alert: OutboundMessage = { ...sms, purpose: 'alert', about: { kind: 'alert', step } }
const dispatched: OutboundMessage = { ...sms, purpose: 'alert', about: { kind: 'alert', step, isReported: true } }
const closing: OutboundMessage = { ...sms, purpose: 'alert', about: { kind: 'alert-closing', alertId: 'a' } }
const whatsapp: OutboundMessage = { ...sms, channel: 'whatsapp' }

const send: SendDecision = { kind: 'send' }
const stale: SendDecision = { kind: 'drop', reason: 'stale' }
type Reason = Extract<SendDecision, { kind: 'suppress' }>['reason']
const suppress = (reason: Reason): SendDecision => ({ kind: 'suppress', reason })

it.each<[string, OutboundMessage, Partial<SendFacts>, SendDecision]>([
  ['a reply', sms, {}, send],
  ['a reply to somebody who opted out', sms, { isOptedOut: true }, suppress('opted-out')],
  ['the confirmation of an opt-out', { ...sms, ignoresConsent: true }, { isOptedOut: true }, send],
  ['a reply on a channel without a sender', sms, { hasSender: false }, suppress('no-sender')],
  ['an update', feed, {}, send],
  ['an update for somebody who switched', feed, { isSubscribed: false }, suppress('not-subscribed')],
  ['an update for somebody who opted out', feed, { isOptedOut: true }, suppress('opted-out')],
  ['an update at the moment of the next', feed, { now: 10_000 }, stale],
  ['an update just before the next', feed, { now: 9_999 }, send],
  ['an update that a newer one has overtaken', feed, { newestTick: 501 }, stale],
  ['an update of a topic whose value has expired', feed, { newestTick: undefined }, send],
  ['a reply for half an hour', { ...sms, createdAt: 0 }, { now: 1_799_999, newestTick: 9e12 }, send],
  ['a reply after that', { ...sms, createdAt: 0 }, { now: 1_800_000 }, { kind: 'drop', reason: 'expired' }],
  ['a reply that an operator asks for', { ...sms, createdAt: 0 }, { now: 1e12, isAskedFor: true }, send],
  [
    'the confirmation of an opt-out for a day',
    { ...sms, createdAt: 0, ignoresConsent: true, ignoresReplyLimit: true },
    { now: 86_399_999 },
    send,
  ],
  ['a step of a walking alert', alert, {}, send],
  ['a step of an alert that is over', alert, { isAlertOpen: false }, suppress('alert-over')],
  ['a step for somebody who opted out', alert, { isOptedOut: true }, suppress('opted-out')],
  ['WhatsApp within the window', whatsapp, { template }, send],
  ['an alert on WhatsApp outside the window', { ...alert, channel: 'whatsapp' }, { isWindowOpen: false }, send],
  ['an alert on Messenger outside the window', { ...alert, channel: 'messenger' }, { isWindowOpen: false }, send],
  [
    'an alert on WhatsApp outside the window with a template',
    { ...alert, channel: 'whatsapp' },
    { isWindowOpen: false, template },
    { kind: 'send', template },
  ],
  [
    'a picture on WhatsApp outside the window',
    { ...whatsapp, content: { type: 'image', url: 'https://x' } },
    { isWindowOpen: false },
    suppress('outside-window'),
  ],
  [
    'a template that somebody asked for, outside the window',
    { ...whatsapp, content: { type: 'template', template: own } },
    { isWindowOpen: false },
    send,
  ],
  [
    'a template of the Cloud API, outside the window',
    { ...whatsapp, content: { type: 'custom', custom: { type: 'template' } } },
    { isWindowOpen: false },
    send,
  ],
  [
    'a tagged message on Messenger outside the window',
    { ...whatsapp, channel: 'messenger', options: { messengerTag: 'ACCOUNT_UPDATE' } },
    { isWindowOpen: false },
    send,
  ],
  ['an alert of a Dispatch caller', { ...dispatched, channel: 'messenger' }, { isWindowOpen: false }, send],
  ['who has an alert, outside the window', { ...closing, channel: 'whatsapp' }, { isWindowOpen: false }, send],
  [
    'an alert outside the window for somebody who opted out',
    { ...alert, channel: 'whatsapp' },
    { isWindowOpen: false, isOptedOut: true },
    suppress('opted-out'),
  ],
  [
    'an update outside the window',
    { ...feed, channel: 'whatsapp' },
    { isWindowOpen: false },
    suppress('outside-window'),
  ],
  [
    'a notification outside the window',
    { ...whatsapp, purpose: 'notification', about: { kind: 'notification', notificationId: 'n' } },
    { isWindowOpen: false },
    suppress('outside-window'),
  ],
  ['WhatsApp outside the window', whatsapp, { isWindowOpen: false }, suppress('outside-window')],
  [
    'WhatsApp outside the window with a template',
    whatsapp,
    { isWindowOpen: false, template },
    { kind: 'send', template },
  ],
  [
    'WhatsApp outside the window with a template of its own',
    { ...whatsapp, template: own },
    { isWindowOpen: false, template: own },
    { kind: 'send', template: own },
  ],
  [
    'Messenger outside the window',
    { ...whatsapp, channel: 'messenger' },
    { isWindowOpen: false },
    suppress('outside-window'),
  ],
  ['WhatsApp within the window with a template of its own', { ...whatsapp, template: own }, { template: own }, send],
  ['Viber, which has no window', { ...sms, channel: 'viber_service' }, { isWindowOpen: false }, send],
  ['SMS, which has no window', sms, { isWindowOpen: false }, send],
])('%s', (_, message, known, decision) => expect(maySend(message, { ...facts, ...known })).toEqual(decision))
