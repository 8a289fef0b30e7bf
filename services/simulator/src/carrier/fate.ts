import type { AccountSettings } from '../account.ts'
import { rulesOf } from '../channels.ts'
import type { SendFault } from '../faults.ts'
import type { Message } from '../message-store.ts'
import { findTemplate, fitsTemplate } from '../messages/fill-template.ts'
import type { Switches } from '../people.ts'

/** What will become of a message, as far as it can be told when it is handed to the carrier. */
export type Fate =
  | { kind: 'delivered' }
  /** Refused before the carrier had it. */
  | { kind: 'refused'; status: 'rejected' | 'undeliverable'; code: number; detail: string }
  /** The carrier or the phone's own network turned it down. */
  | { kind: 'failed'; status: 'rejected'; code: number; detail: string }
  /** Not every segment was confirmed within five minutes. */
  | { kind: 'segment-timeout' }
  /** Submitted, and then nothing is ever heard of it. */
  | { kind: 'silent' }
  | { kind: 'waits-for-power' }

export interface FateContext {
  settings: AccountSettings
  switches: Switches
  /** Simulated time since the person last wrote to this sender, or null if never. */
  sinceHeardMs: number | null
  isOptedOut: boolean
  scripted: SendFault | undefined
  messengerTag?: { category?: string | undefined; tag?: string | undefined } | undefined
}

const DAY_MS = 24 * 3_600_000
const messengerTags = ['CONFIRMED_EVENT_UPDATE', 'POST_PURCHASE_UPDATE', 'ACCOUNT_UPDATE', 'HUMAN_AGENT']

export function fateOf(message: Message, context: FateContext): Fate {
  const scripted = scriptedFate(context.scripted)
  return scripted ?? refusalOf(message, context) ?? handsetFate(message, context.switches)
}

function scriptedFate(fault: SendFault | undefined): Fate | null {
  if (fault?.kind !== 'outcome') return null
  switch (fault.outcome) {
    case 'rejected':
      return failed(fault.code ?? 1330, reasons[fault.code ?? 1330] ?? 'Scripted failure')
    case 'undeliverable':
      return {
        ...refused(fault.code ?? 1100, reasons[fault.code ?? 1100] ?? 'Scripted failure'),
        status: 'undeliverable',
      }
    case 'silent':
      return { kind: 'silent' }
    case 'segment-timeout':
      return { kind: 'segment-timeout' }
  }
}

function refusalOf(message: Message, context: FateContext): Fate | null {
  const { settings } = context
  const { channel, sender, content } = message
  if (settings.strictSenders && rulesOf[channel].checksSender && sender !== settings.senders[channel])
    return because(1120)
  if (context.isOptedOut) return because(1240)
  if (content.template) {
    const template = findTemplate(settings.templates, content.template.name)
    if (!template && !settings.strictTemplates) return null
    return template && fitsTemplate(content, template) ? null : because(1022)
  }
  return windowRefusal(message, context)
}

function windowRefusal(message: Message, context: FateContext): Fate | null {
  const { settings, sinceHeardMs, messengerTag } = context
  if (!settings.enforceWindows || !rulesOf[message.channel].hasResponseWindow) return null
  if (messengerTag?.category === 'message_tag') {
    if (!messengerTags.includes(messengerTag.tag ?? '')) return because(1021)
    const allowedMs = messengerTag.tag === 'HUMAN_AGENT' ? 7 * DAY_MS : Infinity
    // Even a tagged message needs a conversation that the person began.
    return sinceHeardMs !== null && sinceHeardMs <= allowedMs ? null : because(1340)
  }
  return sinceHeardMs !== null && sinceHeardMs <= DAY_MS ? null : because(1340)
}

function handsetFate(message: Message, switches: Switches): Fate {
  if (switches.blocked) return rulesOf[message.channel].hidesBlocks ? { kind: 'silent' } : failed(1050)
  if (switches.roaming) return failed(1260)
  return switches.power ? { kind: 'delivered' } : { kind: 'waits-for-power' }
}

function because(code: number): Fate {
  return refused(code, reasons[code] ?? '')
}

function refused(code: number, detail: string): Fate & { kind: 'refused' } {
  return { kind: 'refused', status: 'rejected', code, detail }
}

function failed(code: number, detail: string = reasons[code] ?? ''): Fate {
  return { kind: 'failed', status: 'rejected', code, detail }
}

/** Reasons behind the codes, in our words. */
export const reasons: Record<number, string> = {
  1000: 'Throttled',
  1021: 'Invalid message tag',
  1022: 'Invalid template or template parameters',
  1030: 'Internal error',
  1050: 'The recipient has barred messages from this sender',
  1100: 'Communication with the provider failed; the message was not submitted',
  1120: 'The sender id is not allowed for this account',
  1180: 'The recipient is temporarily unavailable',
  1190: 'The recipient is permanently unavailable',
  1240: 'The recipient has opted out of messages from this sender',
  1260: 'The destination cannot be reached',
  1300: 'The recipient is not a user of the provider network',
  1330: 'Unknown failure at the provider',
  1340: 'Sent outside of the allowed response window',
  1360: 'The time to live ended before the message was delivered',
  1490: 'Not every segment of the message was confirmed in time',
}
