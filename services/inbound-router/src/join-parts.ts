import { derivedId } from '@switchboard/contracts'
import type { InboundMessage } from '@switchboard/contracts'
import type { SmsParts } from '@switchboard/store'

/** One message out of the parts of a long SMS. A missing part leaves an ellipsis. */
export function joinParts({ id, parts }: SmsParts): InboundMessage {
  const [first] = parts
  if (!first) throw new Error(`There are no parts to join in ${id}`)
  const texts = Array.from({ length: totalOf(parts) }, (_, index) => {
    const part = parts.find((candidate) => candidate.part?.number === index + 1)
    return part ? (part.text ?? '') : '…'
  })
  const { part: _part, ...message } = first
  return {
    ...message,
    // Of the set: complete and partial are the same message, handled once.
    id: derivedId('long', id),
    text: texts.join(''),
    receivedAt: Math.max(...parts.map(({ receivedAt }) => receivedAt)),
  }
}

export function isComplete({ parts }: SmsParts): boolean {
  return parts.length === totalOf(parts)
}

function totalOf(parts: InboundMessage[]): number {
  return parts[0]?.part?.total ?? parts.length
}
