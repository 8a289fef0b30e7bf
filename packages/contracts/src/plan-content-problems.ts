import { isChannel } from './channel.ts'
import type { AlertChannel } from './channel.ts'
import type { ContentProblem } from './channels/channel-facts.ts'
import { contentProblems } from './content-problems.ts'
import { fillStrings, isAddress, stringsIn } from './fill-content.ts'
import type { AlertValues } from './fill-content.ts'
import { messageParts } from './message-content.ts'
import type { MessageParts } from './message-content.ts'

/** As long as they may become. A character of this text takes nine in an address. */
const longest: AlertValues = { text: '文'.repeat(4_000), code: 'A123456789', link: `https://${'a'.repeat(292)}` }

/** Everything that would be refused of what a channel of a policy says instead of a text, whatever the alert is. */
export function planContentProblems(channel: AlertChannel, parts: MessageParts): ContentProblem[] {
  const given = Object.keys(parts)
  if (!isChannel(channel)) return given.map((field) => ({ field, message: 'is not for phone calls' }))
  const problems = [...contentProblems(channel, { ...parts, text: '' }), ...linksInAddresses(parts)]
  if (problems.length > 0) return problems
  const filled = messageParts.safeParse(fillStrings(parts, longest))
  const late = filled.success
    ? contentProblems(channel, { ...filled.data, text: '' })
    : filled.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }))
  return late.map(({ field, message }) => ({ field, message: `${message}, with a long alert filled in` }))
}

/** Who fetches a picture could acknowledge, and so could whoever reads the log of its server. */
function linksInAddresses(parts: MessageParts): ContentProblem[] {
  return stringsIn(parts)
    .filter(({ text }) => isAddress(text) && text.includes('{link}'))
    .map(({ path }) => ({
      field: path.join('.'),
      message: 'may have {text} and {code} in it, not {link}, by which whoever sees it can acknowledge',
    }))
}
