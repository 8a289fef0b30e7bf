import { notificationMessageId, optionChosen, templateMessageId } from '@switchboard/contracts'
import type { InboundMessage, MessageState, Said } from '@switchboard/contracts'
import type { Ledger, NotificationRecord, Notifications } from '@switchboard/store'

import { isInTime } from './open-question.ts'
import type { Moment } from './open-question.ts'

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

export interface AskedQuestion {
  record: NotificationRecord
  /** Another one waits for an answer as well: the person should hear which one has theirs. */
  isOneOfSeveral: boolean
}

/** The question that a message answers, if it quotes none. The ledger is first to know which have reached the person. */
export async function askedQuestion(
  message: InboundMessage,
  { notifications, ledger }: AskedSources,
): Promise<AskedQuestion | undefined> {
  const asked = await notifications.askedOf({ channel: message.channel, address: message.from })
  const [newest] = asked
  if (asked.length <= 1) return newest && { record: newest, isOneOfSeveral: false }
  const haveArrived = await Promise.all(asked.map(({ id }) => mayHaveArrived(notificationMessageId(id), ledger)))
  const seen = asked.filter((record, index) => haveArrived[index] && !wasWrittenBefore(message, record))
  return meantQuestion(message, seen.length > 0 ? seen : asked.slice(0, 1))
}

/**
 * Of the questions that a person has seen, the newest first: the newest that has such an option, if it can still be
 * answered; else the newest. So "yes" answers the one of yes and no, and "2" of two that both have a 2 the later one.
 */
export function meantQuestion(message: Said & Moment, seen: readonly NotificationRecord[]): AskedQuestion | undefined {
  const [newest] = seen
  if (!newest) return undefined
  const named = seen.find(({ options }) => optionChosen(message, options) !== undefined)
  const record = named && isInTime(message, named) ? named : newest
  const waits = (other: NotificationRecord) => other !== record && !other.choice && isInTime(message, other)
  return { record, isOneOfSeveral: seen.some(waits) }
}

/** What was held up at the provider answers nothing that was asked meanwhile. Its time is in whole seconds. */
function wasWrittenBefore({ sentAt }: Moment, { createdAt }: NotificationRecord): boolean {
  return sentAt < Math.floor(createdAt / 1_000) * 1_000
}

/** As text, or as the template that followed it. */
async function mayHaveArrived(messageId: string, ledger: AskedSources['ledger']): Promise<boolean> {
  const records = await Promise.all([messageId, templateMessageId(messageId)].map((id) => ledger.get(id)))
  return records.some((record) => !unseen.has(record?.state))
}
