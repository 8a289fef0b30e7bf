import { isPhoneNumber, isUserId } from './channels/addresses.ts'
import type { ChannelRules } from './channels/channel-rules.ts'
import { messenger } from './channels/messenger.ts'
import { sms } from './channels/sms.ts'
import { viberService } from './channels/viber-service.ts'
import { whatsapp } from './channels/whatsapp.ts'

/** The channels a simulated phone has. */
export const channels = ['sms', 'whatsapp', 'messenger', 'viber_service'] as const

export type Channel = (typeof channels)[number]

export const rulesOf: Record<Channel, ChannelRules> = { sms, whatsapp, messenger, viber_service: viberService }

/** One value for each channel. */
export function perChannel<Value>(valueOf: (rules: ChannelRules) => Value): Record<Channel, Value> {
  return {
    sms: valueOf(rulesOf.sms),
    whatsapp: valueOf(rulesOf.whatsapp),
    messenger: valueOf(rulesOf.messenger),
    viber_service: valueOf(rulesOf.viber_service),
  }
}

export function isChannel(value: unknown): value is Channel {
  return channels.some((channel) => channel === value)
}

/** v0.1 and Dispatch spell Viber `viber_service_msg`. */
export function channelFromV01(type: unknown): Channel | null {
  return channels.find((channel) => rulesOf[channel].v01.type === type) ?? null
}

/** Whether a person can be reached at this address on this channel. */
export function isAddress(channel: Channel, value: unknown): value is string {
  return typeof value === 'string' && rulesOf[channel].isAddress(value)
}

/** A channel that has addresses like this one. */
export function channelOfAddress(address: string): Channel {
  if (isUserId(address)) return 'whatsapp'
  return isPhoneNumber(address) ? 'sms' : 'messenger'
}
