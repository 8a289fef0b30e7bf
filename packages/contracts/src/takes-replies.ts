import { factsOf } from './channel.ts'
import type { Channel } from './channel.ts'
import type { ReplySettings } from './channels/channel-facts.ts'

/** Whether people can answer what we send on a channel. */
export function takesReplies(channel: Channel, settings: ReplySettings): boolean {
  return factsOf[channel].noAnswers?.(settings) === undefined
}

/** Why a question cannot be put on a channel, or undefined when it can. */
export function questionProblem(channel: Channel, settings: ReplySettings): string | undefined {
  if (settings.senders[channel] === undefined) return `has no sender: add senders.${channel} to the configuration`
  return factsOf[channel].noAnswers?.(settings)
}
