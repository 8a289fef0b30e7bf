import { z } from 'zod'

import { address, channel, isPhoneChannel } from './channel.ts'

/** One address on one channel. */
export const contact = z.object({ channel, address })
export type Contact = z.infer<typeof contact>

/** A contact as one word, for sets and job ids (no colon: BullMQ forbids it). */
export function contactId({ channel, address }: Contact): string {
  return `${channel}.${address}`
}

/** The inverse of contactId. Throws on a word that is not one. */
export function parseContactId(id: string): Contact {
  const dot = id.indexOf('.')
  return contact.parse({ channel: id.slice(0, dot), address: id.slice(dot + 1) })
}

/** The person behind a contact: the same number is one person on every phone channel. */
export function personId({ channel, address }: Contact): string {
  return isPhoneChannel(channel) ? `tel.${address}` : `${channel}.${address}`
}
