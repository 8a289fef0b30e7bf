import { personId } from '@switchboard/contracts'
import type { AlertChannel, Contact, MessageState, Purpose } from '@switchboard/contracts'

import type { ListPosition } from './find-notifications.ts'
import type { LedgerRecord } from './ledger-record.ts'
import type { Ledger } from './ledger.ts'
import { lookThrough } from './look-through.ts'
import type { PersonIndex } from './person-index.ts'
import type { Traffic } from './traffic.ts'

export interface MessageFilter {
  state?: MessageState | undefined
  purpose?: Purpose | undefined
  /** All purposes but this one. */
  except?: Purpose | undefined
  channel?: AlertChannel | undefined
  /** Whose messages: the same number is one person on every phone channel. */
  person?: Contact | undefined
  /** Made at this moment (milliseconds) or later. */
  since?: number | undefined
}

export interface MessageSources {
  ledger: Pick<Ledger, 'get'>
  people: Pick<PersonIndex, 'newest'>
  traffic: Pick<Traffic, 'messagesBefore'>
}

/** How many records one call looks through at most: a rare answer may need several calls. */
const LOOKED_AT = 500

/** Messages that fit, newest first, and where to go on; `next` undefined at the end. */
export async function findMessages(
  sources: MessageSources,
  filter: MessageFilter,
  { from, limit }: { from: ListPosition; limit: number },
): Promise<{ found: (LedgerRecord & { id: string })[]; next: ListPosition | undefined }> {
  const { found, next } = await lookThrough(
    (offset, count) => idsFrom(sources, filter, { before: from.before, offset }, count),
    async (id) => {
      const record = await sources.ledger.get(id)
      return record && fits(record, filter) && record.createdAt < from.before ? { ...record, id } : undefined
    },
    { from: from.offset, limit, atMost: LOOKED_AT },
  )
  return { found, next: next === undefined ? undefined : { before: from.before, offset: next } }
}

async function idsFrom(
  { people, traffic }: MessageSources,
  { person, since = 0 }: MessageFilter,
  { before, offset }: ListPosition,
  count: number,
): Promise<string[]> {
  if (!person) return traffic.messagesBefore(before, since, offset, count)
  // All that are kept of one person: the limits of a day bound them.
  const lists = await Promise.all(
    (['message', 'feed'] as const).map((kind) => people.newest(personId(person), kind, offset + count, before)),
  )
  return lists.flat().slice(offset, offset + count)
}

function fits({ state, purpose, channel, createdAt, bundle }: LedgerRecord, filter: MessageFilter): boolean {
  return (
    // It is not one message more.
    bundle === undefined &&
    (filter.state === undefined || state === filter.state) &&
    (filter.purpose === undefined || purpose === filter.purpose) &&
    purpose !== filter.except &&
    (filter.channel === undefined || channel === filter.channel) &&
    createdAt >= (filter.since ?? 0)
  )
}
