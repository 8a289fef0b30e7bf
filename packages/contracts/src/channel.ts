import { z } from 'zod'

/** The four channels. `viber_service_msg` (Messages v0.1, Dispatch) is read at the edges and never kept. */
export const channel = z.enum(['sms', 'whatsapp', 'messenger', 'viber_service'])
export type Channel = z.infer<typeof channel>
export const channels = channel.options

/** What an alert may take: the channels, and a phone call, which carries nothing but alerts. */
export const alertChannel = z.enum([...channel.options, 'voice'])
export type AlertChannel = z.infer<typeof alertChannel>
export const alertChannels = alertChannel.options

/** Whether people can be written to there. */
export function isChannel(name: AlertChannel): name is Channel {
  return name !== 'voice'
}

/** Reads a channel as any Vonage API or configuration spells it; undefined when there is no such channel. */
export function parseChannel(name: string): Channel | undefined {
  const spelled = name === 'viber_service_msg' || name === 'viber_sevice_msg' ? 'viber_service' : name
  const parsed = channel.safeParse(spelled)
  return parsed.success ? parsed.data : undefined
}

/** Reads a channel of an alert; undefined when there is no such channel. */
export function parseAlertChannel(name: string): AlertChannel | undefined {
  return name === 'voice' ? name : parseChannel(name)
}

/** SMS never reports `read` (Messages API, message status table). */
export function reportsRead(on: AlertChannel): boolean {
  return on !== 'sms'
}

/** Channels addressed by phone number: one number is one person on all of them. */
export function isPhoneChannel(on: AlertChannel): boolean {
  return on !== 'messenger'
}

/**
 * Where a person is on a channel: 7-15 digits without `+`, or a page-scoped id on Messenger. Always a string:
 * such ids can exceed 2^53.
 */
export const phoneNumber = z
  .string()
  .regex(/^[1-9]\d{6,14}$/, 'must be a phone number of 7 to 15 digits in E.164 form without "+"')
export const address = z.string().min(1).max(100)

/** Why an address cannot be used on a channel, or undefined when it can. */
export function addressProblem(on: AlertChannel, value: string): string | undefined {
  if (!isPhoneChannel(on)) {
    return /^[\w-]{1,50}$/.test(value) ? undefined : 'must be a Messenger page-scoped id of 1 to 50 characters'
  }
  return phoneNumber.safeParse(value).success
    ? undefined
    : 'must be a phone number of 7 to 15 digits in E.164 form without "+"'
}
