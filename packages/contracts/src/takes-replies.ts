import type { Channel } from './channel.ts'
import type { SwitchboardConfig } from './config.ts'

/** Viber for business is one-way for most accounts, and nobody can reply to a sender that is a name. */
export function takesReplies(
  channel: Channel,
  { senders, viberTwoWay }: Pick<SwitchboardConfig, 'senders' | 'viberTwoWay'>,
): boolean {
  if (channel === 'viber_service') return viberTwoWay
  return channel !== 'sms' || !/\D/.test(senders.sms ?? '')
}

/** Why a question cannot be put on a channel, or undefined when it can. */
export function questionProblem(
  channel: Channel,
  settings: Pick<SwitchboardConfig, 'senders' | 'viberTwoWay'>,
): string | undefined {
  if (settings.senders[channel] === undefined) return `has no sender: add senders.${channel} to the configuration`
  if (takesReplies(channel, settings)) return undefined
  return channel === 'viber_service'
    ? 'takes no answers: set viberTwoWay if your Viber account is two-way'
    : `takes no answers: nobody can reply to "${settings.senders.sms}", which is a name`
}
