import { z } from 'zod'

import type { AlertChannelFacts, ChannelFacts } from './channels/channel-facts.ts'
import { messenger } from './channels/messenger.ts'
import { sms } from './channels/sms.ts'
import { viberService } from './channels/viber-service.ts'
import { voice } from './channels/voice.ts'
import { whatsapp } from './channels/whatsapp.ts'

/** The four channels. `viber_service_msg` (Messages v0.1, Dispatch) is read at the edges and never kept. */
export const channel = z.enum(['sms', 'whatsapp', 'messenger', 'viber_service'])
export type Channel = z.infer<typeof channel>
export const channels = channel.options

/** What an alert may take: the channels, and a phone call, which carries nothing but alerts. */
export const alertChannel = z.enum([...channel.options, 'voice'])
export type AlertChannel = z.infer<typeof alertChannel>
export const alertChannels = alertChannel.options

/** One value for each channel. */
export function perChannel<Value>(valueOf: (facts: ChannelFacts, name: Channel) => Value): Record<Channel, Value> {
  return {
    sms: valueOf(sms, 'sms'),
    whatsapp: valueOf(whatsapp, 'whatsapp'),
    messenger: valueOf(messenger, 'messenger'),
    viber_service: valueOf(viberService, 'viber_service'),
  }
}

/** One value for each of what an alert may take. */
export function perAlertChannel<Value>(
  valueOf: (facts: AlertChannelFacts, name: AlertChannel) => Value,
): Record<AlertChannel, Value> {
  return { ...perChannel<Value>(valueOf), voice: valueOf(voice, 'voice') }
}

/** All that is so of one channel and not of another. */
export const factsOf = perChannel((facts) => facts)
export const alertFactsOf = perAlertChannel((facts) => facts)

/** The name of a queue that each channel has of its own. */
export function queueNameOf(kind: string, on: AlertChannel): string {
  return `${kind}-${on.replaceAll('_', '-')}`
}

/** Whether people can be written to there. */
export function isChannel(name: AlertChannel): name is Channel {
  return name !== 'voice'
}

/** Reads a channel as any Vonage API or configuration spells it; undefined when there is no such channel. */
export function parseChannel(name: string): Channel | undefined {
  return channels.find((each) => each === name || factsOf[each].otherNames?.includes(name))
}

/** Reads a channel of an alert; undefined when there is no such channel. */
export function parseAlertChannel(name: string): AlertChannel | undefined {
  return name === 'voice' ? name : parseChannel(name)
}

/** Whether a message ever becomes `read` there. */
export function reportsRead(on: AlertChannel): boolean {
  return alertFactsOf[on].reportsRead
}

/** Channels addressed by phone number: one number is one person on all of them. */
export function isPhoneChannel(on: AlertChannel): boolean {
  return alertFactsOf[on].addresses.areNumbers
}

/** Where a person is on a channel: a phone number without `+`, or an id. Always a string: ids can exceed 2^53. */
export const address = z.string().min(1).max(100)

/** Why an address cannot be used on a channel, or undefined when it can. */
export function addressProblem(on: AlertChannel, value: string): string | undefined {
  return alertFactsOf[on].addresses.problem(value)
}
