import { always } from './always.ts'
import { channels, factsOf } from './channel.ts'
import type { Channel } from './channel.ts'
import { contentProblems } from './content-problems.ts'
import { messageOptions } from './message-content.ts'
import type { MessageOptions } from './message-content.ts'

/** How channels are asked to treat what goes out on any of them: each takes what it knows of it. */
export const sharedOptions = messageOptions.superRefine((given, context) => {
  // What is wrong on every channel is told already.
  const { data: options } = messageOptions.safeParse(given)
  if (!options) return
  for (const channel of channels) {
    for (const { field, message } of contentProblems(channel, { ...optionsFor(channel, options), text: '' })) {
      context.addIssue({ code: 'custom', message, path: field.split('.').slice(1) })
    }
  }
}, always)

/** What a channel knows of such options; no member where that is nothing. */
export function optionsFor(channel: Channel, options: MessageOptions = {}): { options?: MessageOptions } {
  const known: readonly string[] = factsOf[channel].options
  const taken = Object.entries(options).filter(([name]) => known.includes(name))
  return taken.length === 0 ? {} : { options: messageOptions.parse(Object.fromEntries(taken)) }
}
