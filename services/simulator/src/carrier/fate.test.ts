import { expect, test } from 'vitest'

import { defaultAccount, exampleSenders } from '../account.ts'
import type { Channel } from '../channels.ts'
import type { Message } from '../message-store.ts'
import { fateOf, type FateContext } from './fate.ts'

const HOUR_MS = 3_600_000
const settings = defaultAccount('http://127.0.0.1:9000', exampleSenders)
const switches = { readReceipts: true, power: true, blocked: false, roaming: false, autoRead: false }
const context: FateContext = { settings, switches, sinceHeardMs: HOUR_MS, isOptedOut: false, scripted: undefined }

const on = (channel: Channel, template?: { name: string; parameters: string[]; locale?: string }): Message => ({
  id: 'id',
  direction: 'in',
  channel,
  address: '447700900010',
  sender: settings.senders[channel],
  content: { type: 'text', text: 'Hello', ...(template ? { template } : {}) },
  status: 'accepted',
  at: '',
  history: [],
  isReadAwaited: false,
})
const outcome = (kind: 'rejected' | 'undeliverable' | 'silent' | 'segment-timeout', code?: number) => ({
  scripted: { target: 'send', kind: 'outcome', outcome: kind, code, times: 1, rate: 1 } as const,
})
const alert = { name: 'switchboard:alert', parameters: ['Disk full'], locale: 'en_GB' }

test.each<[string, Message, Partial<FateContext>, object]>([
  ['all is well', on('sms'), {}, { kind: 'delivered' }],
  ['SMS has no window', on('sms'), { sinceHeardMs: null }, { kind: 'delivered' }],
  ['Viber has none either', on('viber_service'), { sinceHeardMs: null }, { kind: 'delivered' }],
  ['never written', on('whatsapp'), { sinceHeardMs: null }, { kind: 'refused', code: 1340 }],
  ['a day ago', on('messenger'), { sinceHeardMs: 24 * HOUR_MS }, { kind: 'delivered' }],
  ['more than a day ago', on('messenger'), { sinceHeardMs: 24 * HOUR_MS + 1 }, { kind: 'refused', code: 1340 }],
  [
    'windows off',
    on('whatsapp'),
    { sinceHeardMs: null, settings: { ...settings, enforceWindows: false } },
    { kind: 'delivered' },
  ],
  ['a template needs no window', on('whatsapp', alert), { sinceHeardMs: null }, { kind: 'delivered' }],
  ['wrong number of parameters', on('whatsapp', { ...alert, parameters: [] }), {}, { kind: 'refused', code: 1022 }],
  ['unknown locale', on('whatsapp', { ...alert, locale: 'ja' }), {}, { kind: 'refused', code: 1022 }],
  ['locale of v0.1', on('whatsapp', { ...alert, locale: 'en-GB' }), {}, { kind: 'delivered' }],
  ['unknown template', on('whatsapp', { name: 'other', parameters: [] }), {}, { kind: 'delivered' }],
  [
    'unknown template, strict',
    on('whatsapp', { name: 'other', parameters: [] }),
    { settings: { ...settings, strictTemplates: true } },
    { kind: 'refused', code: 1022 },
  ],
  [
    'tag outside the window',
    on('messenger'),
    { sinceHeardMs: 99 * HOUR_MS, messengerTag: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
    { kind: 'delivered' },
  ],
  [
    'tag without a conversation',
    on('messenger'),
    { sinceHeardMs: null, messengerTag: { category: 'message_tag', tag: 'ACCOUNT_UPDATE' } },
    { kind: 'refused', code: 1340 },
  ],
  [
    'tag of the past',
    on('messenger'),
    { messengerTag: { category: 'message_tag', tag: 'ticket_update' } },
    { kind: 'refused', code: 1021 },
  ],
  [
    'human agent after eight days',
    on('messenger'),
    { sinceHeardMs: 8 * 24 * HOUR_MS, messengerTag: { category: 'message_tag', tag: 'HUMAN_AGENT' } },
    { kind: 'refused', code: 1340 },
  ],
  ['opted out', on('sms'), { isOptedOut: true }, { kind: 'refused', code: 1240 }],
  ['another sender', { ...on('viber_service'), sender: 'Other' }, {}, { kind: 'refused', code: 1120 }],
  ['another SMS sender', { ...on('sms'), sender: 'ACME' }, {}, { kind: 'delivered' }],
  ['roaming', on('sms'), { switches: { ...switches, roaming: true } }, { kind: 'failed', code: 1260 }],
  ['blocked', on('viber_service'), { switches: { ...switches, blocked: true } }, { kind: 'failed', code: 1050 }],
  ['blocked on WhatsApp', on('whatsapp'), { switches: { ...switches, blocked: true } }, { kind: 'silent' }],
  ['off', on('sms'), { switches: { ...switches, power: false } }, { kind: 'waits-for-power' }],
  [
    'scripted rejection wins',
    on('whatsapp'),
    { sinceHeardMs: null, ...outcome('rejected') },
    { kind: 'failed', code: 1330 },
  ],
  ['scripted code', on('sms'), outcome('rejected', 1300), { kind: 'failed', code: 1300 }],
  ['provider away', on('sms'), outcome('undeliverable'), { kind: 'refused', status: 'undeliverable', code: 1100 }],
  ['silence', on('sms'), outcome('silent'), { kind: 'silent' }],
  ['segments missing', on('sms'), outcome('segment-timeout'), { kind: 'segment-timeout' }],
])('%s', (_name, message, change, expected) => {
  expect(fateOf(message, { ...context, ...change })).toMatchObject(expected)
})
