import type { Message } from '../message-store.ts'

export interface InboundContext {
  /** Of Vonage: where the message can be marked as read. */
  selfUrl: string
  personName: string
  /** Whether the quoted message is one Vonage still knows. */
  quotedFrom?: string | undefined
  apiKey: string
}

export function linkTo(message: Message, { selfUrl }: InboundContext): Record<string, unknown> {
  return { _self: { href: `${selfUrl}/v1/messages/${message.id}` } }
}
