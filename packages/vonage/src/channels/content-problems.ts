import { messageOptions } from '@switchboard/contracts'
import type { Channel } from '@switchboard/contracts'

import type { Sendable } from './channel-format.ts'
import { formats } from './formats.ts'

export interface ContentProblem {
  field: string
  message: string
}

/** Everything that Vonage would refuse about a message on its channel, as far as it can be known before. */
export function contentProblems(channel: Channel, message: Sendable): ContentProblem[] {
  const { maxTextLength, takes, takesOptions, problem } = formats[channel]
  const { content, options = {}, text } = message
  const known = ['text', ...takes].join(', ')
  const own = problem?.(message)
  const foreign = messageOptions.keyof().options.filter((name) => name in options && !takesOptions.includes(name))
  return [
    ...(content && !takes.includes(content.type)
      ? [{ field: 'content.type', message: `${channel} takes ${known}, no ${content.type}` }]
      : []),
    ...(!content && text.length > maxTextLength
      ? [{ field: 'text', message: `must have at most ${maxTextLength} characters on ${channel}` }]
      : []),
    ...foreign.map((name) => ({ field: `options.${name}`, message: `is not known to ${channel}` })),
    ...(own ? [own] : []),
  ]
}
