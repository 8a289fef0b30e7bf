import type { Channel, SwitchboardConfig } from '@switchboard/contracts'

/** Viber for business is one-way for most accounts, and nobody can reply to a sender that is a name. */
export function takesReplies(channel: Channel, senders: SwitchboardConfig['senders']): boolean {
  if (channel === 'viber_service') return false
  return channel !== 'sms' || !/\D/.test(senders.sms ?? '')
}
