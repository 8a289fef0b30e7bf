/** The channels a simulated phone has. */
export const channels = ['sms', 'whatsapp', 'messenger', 'viber_service'] as const

export type Channel = (typeof channels)[number]

export function isChannel(value: unknown): value is Channel {
  return channels.some((channel) => channel === value)
}

/** v0.1 and Dispatch spell Viber `viber_service_msg`. */
export function channelFromV01(type: unknown): Channel | null {
  if (type === 'viber_service_msg') return 'viber_service'
  return type !== 'viber_service' && isChannel(type) ? type : null
}

export function channelToV01(channel: Channel): string {
  return channel === 'viber_service' ? 'viber_service_msg' : channel
}

/** SMS never produces `read`. */
export function reportsRead(channel: Channel): boolean {
  return channel !== 'sms'
}

/** WhatsApp and Messenger take free-form messages only within 24 hours of the person's last message. */
export function hasResponseWindow(channel: Channel): boolean {
  return channel === 'whatsapp' || channel === 'messenger'
}

export function isPhoneNumber(value: unknown): value is string {
  return typeof value === 'string' && /^[1-9]\d{6,14}$/.test(value)
}

function isMessengerId(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,50}$/.test(value)
}

/** WhatsApp's business-scoped user id: who has a user name there need not show a number. */
export function isUserId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{2}\.\w[\w.]{0,127}$/.test(value)
}

/** Whether a person can be reached at this address on this channel. */
export function isAddress(channel: Channel, value: unknown): value is string {
  if (channel === 'messenger') return isMessengerId(value)
  return isPhoneNumber(value) || (channel === 'whatsapp' && isUserId(value))
}

/** A channel that has addresses like this one. */
export function channelOfAddress(address: string): Channel {
  if (isUserId(address)) return 'whatsapp'
  return isPhoneNumber(address) ? 'sms' : 'messenger'
}
