import { factsOf } from './channel.ts'
import type { Channel } from './channel.ts'
import type { ContentProblem } from './channels/channel-facts.ts'
import { messageOptions } from './message-content.ts'
import type { MessageParts } from './message-content.ts'

/** Everything that Vonage would refuse about a message on its channel (Messages 1.20), as far as it can be known before. */
export function contentProblems(channel: Channel, message: MessageParts & { text: string }): ContentProblem[] {
  const taken = factsOf[channel]
  const { content, options = {}, text } = message
  const foreign = messageOptions.keyof().options.filter((name) => name in options && !taken.options.includes(name))
  const own = taken.problem?.(message)
  return [
    ...(content && !taken.content.includes(content.type)
      ? [
          {
            field: 'content.type',
            message: `${channel} takes ${['text', ...taken.content].join(', ')}, no ${content.type}`,
          },
        ]
      : []),
    ...(!content && text.length > taken.maxTextLength
      ? [{ field: 'text', message: `must have at most ${taken.maxTextLength} characters on ${channel}` }]
      : []),
    ...foreign.map((name) => ({ field: `options.${name}`, message: `is not known to ${channel}` })),
    ...(own ? [own] : []),
  ]
}
