import { notificationMessageId, templateMessageId } from '@switchboard/contracts'
import type { Contact, MessageState } from '@switchboard/contracts'
import type { Ledger, NotificationRecord, Notifications } from '@switchboard/store'

export interface AskedSources {
  notifications: Pick<Notifications, 'askedOf'>
  ledger: Pick<Ledger, 'get'>
}

/** It was not sent yet, never will be, or is known not to have arrived. */
const unseen = new Set<MessageState | undefined>([
  undefined,
  'released',
  'suppressed',
  'dropped',
  'refused',
  'rejected',
  'undeliverable',
])

/** The question that an answer is meant for: the newest that may have reached the person. The ledger is first to know. */
export async function askedQuestion(
  contact: Contact,
  { notifications, ledger }: AskedSources,
): Promise<NotificationRecord | undefined> {
  const asked = await notifications.askedOf(contact)
  const [newest] = asked
  if (asked.length <= 1) return newest
  const mayBeSeen = await Promise.all(asked.map(({ id }) => mayHaveArrived(notificationMessageId(id), ledger)))
  return asked.find((_record, index) => mayBeSeen[index]) ?? newest
}

/** As text, or as the template that followed it. */
async function mayHaveArrived(messageId: string, ledger: AskedSources['ledger']): Promise<boolean> {
  const records = await Promise.all([messageId, templateMessageId(messageId)].map((id) => ledger.get(id)))
  return records.some((record) => !unseen.has(record?.state))
}
