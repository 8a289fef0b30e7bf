import { z } from 'zod'

import { address, channel, isPhoneChannel } from './channel.ts'
import type { AlertChannel } from './channel.ts'

/** One address on one channel. */
export const contact = z.object({ channel, address })
export type Contact = z.infer<typeof contact>

/** Who is sent something: a contact, or the number of a phone call. */
export interface Recipient {
  channel: AlertChannel
  address: string
}

/** A contact as one word, for sets and job ids (no colon: BullMQ forbids it). */
export function contactId({ channel, address }: Recipient): string {
  return `${channel}.${address}`
}

/** The inverse of contactId. Throws on a word that is not one. */
export function parseContactId(id: string): Contact {
  const dot = id.indexOf('.')
  return contact.parse({ channel: id.slice(0, dot), address: id.slice(dot + 1) })
}

/** The person behind a contact: the same number is one person on every phone channel. */
export function personId({ channel, address }: Recipient): string {
  return isPhoneChannel(channel) ? `tel.${address}` : `${channel}.${address}`
}

/** What the audit trail may keep of an address: its end. */
export function endOfAddress(address: string): string {
  return `…${address.slice(-4)}`
}
