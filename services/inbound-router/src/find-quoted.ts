import { contactId } from '@switchboard/contracts'
import type { Contact, MessageSubject } from '@switchboard/contracts'
import type { Ledger } from '@switchboard/store'

export interface QuotedSources {
  ledger: Pick<Ledger, 'get' | 'findByUuid'>
}

/** What the message of ours that a contact quotes, or reacts to, was about; undefined when it quotes none. */
export async function findQuoted(
  contact: Contact,
  quotes: string | undefined,
  { ledger }: QuotedSources,
): Promise<MessageSubject | undefined> {
  const messageId = quotes === undefined ? undefined : await ledger.findByUuid(quotes)
  const record = messageId === undefined ? undefined : await ledger.get(messageId)
  // Another contact's message cannot be quoted, whatever the webhook says.
  const isTheirs = record && contactId({ channel: record.channel, address: record.to }) === contactId(contact)
  return isTheirs ? record.about : undefined
}
